// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "entropy/extract/run_plan.h"

namespace lightseed {

/// What the sizes of a block are chosen for.
///
/// The kernels work in tiles of 1024 bits: a block whose n and m are multiples of that does up to two thirds less work
/// than one that is a little longer (docs/extractors.md, "Shapes"). Giving up the bits above the last whole tile
/// costs yield; another n costs less of it, and the promise is the same for every n and m.
enum class Preference {
  yield,     ///< the most output per raw bit: the block as asked for, and all that the theory allows
  balanced,  ///< the most output per second that costs at most 2 % of that
  rate,      ///< the most output per second that costs at most 15 %
};

/// "yield", "balanced", "rate".
std::string_view name_of(Preference preference) noexcept;

/// The inverse. Throws Error(usage) listing the known ones.
Preference preference_from(std::string_view name);

/// The request with block_bits and output_bits so chosen: multiples of 512, the block between a quarter and one and a
/// half times what was asked for. As it was for kinds without tiles, for blocks below 4096 bits and above 2^16, and
/// where output_bits is set.
/// Throws what plan_run() throws.
RunRequest choose_shape(const ExtractorKind& kind, const RunRequest& request, Preference preference);

/// The same for a string of raw bits that is cut into blocks.
ExtractionRequest choose_shape(const ExtractorKind& kind, const ExtractionRequest& request, std::uint64_t raw_bits,
                               Preference preference);

}  // namespace lightseed
