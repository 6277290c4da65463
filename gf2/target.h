// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace lightseed {

/// The instruction sets the extractor kernels are written for, slowest first. All give the same bits.
enum class Target {
  portable,   ///< shifts, masks and integer products; any processor
  vector128,  ///< PCLMULQDQ; on aarch64 NEON with PMULL
  vector256,  ///< AVX2 and VPCLMULQDQ
  vector512,  ///< AVX-512 (F, BW, VL, VBMI), VPCLMULQDQ and GFNI
};

/// "portable", "128", "256" or "512": the words of LIGHTSEED_TARGET.
std::string_view name_of(Target target) noexcept;

/// What this processor can run, slowest first; never empty.
std::vector<Target> supported_targets();

/// The target new extractors use: the fastest supported one, or the one the environment variable
/// LIGHTSEED_TARGET names. Throws Error(usage) for an unknown word or a target this processor cannot run.
Target active_target();

}  // namespace lightseed
