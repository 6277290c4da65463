// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/sample_format.h"

namespace lightseed::edition_1 {

/// The plan of certificates of edition 1, which their verifier makes again. It never changes.
///
/// How many blocks of which size turn raw samples into the bits asked for, at a stated distance from uniform.
///
/// One seeded two-universal extractor serves all blocks (one seed, independent of the source): their errors add up,
/// so each block gets epsilon = 2^-e with e = ceil(-limit + log2(blocks)), and blocks * 2^-e <= 2^limit holds in
/// whole numbers. Then m = floor(k + 2 log2 epsilon) (entropy/extract/leftover_hash.h), rounded down to whole
/// 64-bit words.
struct ExtractionPlan {
  std::size_t input_bits = 0;   ///< n, raw bits of a block
  std::size_t output_bits = 0;  ///< m
  std::uint64_t samples = 0;    ///< raw samples of a block
  double bits_per_sample = 0;   ///< the min-entropy claim used
  double min_entropy = 0;       ///< k = samples * bits_per_sample
  std::uint64_t blocks = 0;     ///< N
  int log2_epsilon_block = 0;   ///< -e
  int log2_epsilon_limit = 0;   ///< the budget of the whole batch
};

/// `total_bits` > 0 bits asked for; `log2_epsilon` the budget, e.g. -64, between -1000 and -1.
/// Throws Error(refused) with the arithmetic when the claim is too low for any output.
ExtractionPlan plan_extraction(double bits_per_sample, const SampleFormat& format, std::uint64_t total_bits,
                               int log2_epsilon, std::size_t input_bits = 16384);

}  // namespace lightseed::edition_1
