// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/sample_format.h"
#include "entropy/account.h"
#include "entropy/extract/registry.h"
#include "evidence/extraction_record.h"

namespace lightseed {

/// How many blocks of which size turn raw samples into the bits asked for, at a stated distance from uniform of all of
/// them together. Every kind is planned the same way, by who makes keys, by who extracts a file, and by who verifies.
///
/// One seed, independent of the source, serves all N blocks and their errors add up (hybrid argument,
/// docs/extractors.md), so each block gets epsilon = 2^(limit - j) with the whole number j = ceil(log2 N): then
/// N epsilon <= 2^limit holds exactly. More blocks make each one shorter, and so even more of them: the plan is the
/// first fixed point. n is what the kind takes of the block length asked for, and N counts blocks of that n.

/// What is known of the source and wanted of a run.
struct RunRequest {
  double bits_per_sample = 0;      ///< min-entropy of a raw sample given all before and the side information
  SampleFormat format{};           ///< how samples lie in raw bytes
  std::uint64_t wanted_bits = 0;   ///< > 0
  double log2_epsilon = -64;       ///< of everything together, from -1000 to below 0
  std::size_t block_bits = 16384;  ///< raw bits of a block; kinds that need a special length take the next below
  std::optional<std::size_t> output_bits{};  ///< m, whole bytes; the most the theory allows when left out
  /// The seed is itself only this close to uniform; it is charged once, and half of epsilon is kept for it.
  std::optional<double> log2_seed_epsilon{};
};

struct RunPlan {
  ExtractorPlan block;  ///< of one block, with its epsilon
  RunRequest request;
  std::size_t samples = 0;   ///< raw samples of a block: whole bytes of them, zeros up to n
  std::uint64_t blocks = 0;  ///< N
  double log2_epsilon_limit =
      0;  ///< the request's, rounded down to a multiple of 2^-20 so that steps from it are exact

  /// Raw bytes of a block.
  [[nodiscard]] std::size_t raw_bytes() const noexcept { return request.format.bytes_for(samples); }
};

/// Throws Error(refused) with the arithmetic when the claim yields nothing, Error(usage) for a request out of range or
/// a kind without a seed, whose output nobody can promise anything of.
RunPlan plan_run(const ExtractorKind& kind, const RunRequest& request);

/// The same for a string of raw bits that is cut into blocks: `request` has the length of a block and the epsilon of
/// everything together. Kinds without a seed are planned too.
struct StringPlan {
  ExtractorPlan block;
  std::uint64_t blocks = 0;  ///< that fit into the string; at least 1
  double log2_epsilon_limit = 0;
};
StringPlan plan_string(const ExtractorKind& kind, const ExtractionRequest& request, std::uint64_t raw_bits);

/// What a run did, for a certificate.
ExtractionRecord record_of(const RunPlan& plan, ExtractorSeedRecord seed, const EpsilonAccount& account);

/// Plans again from what the record says was asked for, among it m, and compares every number: an m above what the
/// theory allows is a fault, one below it a choice (shapes.h). Adds the account up again. One
/// sentence a fault; none when all fits. `format` is the source's.
std::vector<std::string> extraction_faults(const ExtractionRecord& record, const SampleFormat& format);

}  // namespace lightseed
