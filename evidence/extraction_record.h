// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/json.h"
#include "evidence/epsilon_record.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// The seed of an extractor: where it came from, never what it was.
struct ExtractorSeedRecord {
  enum class Origin {
    operating_system,  ///< the system's generator: uniform against anybody with bounded computing power
    second_source,     ///< that, XOR bits extracted from a second source of randomness
  };
  Origin origin = Origin::operating_system;
  std::string source{};                  ///< URI of the second source; empty without one
  std::optional<double> log2_epsilon{};  ///< the second source's distance from uniform, charged to the account
  std::uint64_t bits = 0;                ///< d
  std::string sha256{};                  ///< of the seed string, so that it can be published after the run

  friend bool operator==(const ExtractorSeedRecord&, const ExtractorSeedRecord&) = default;
};

/// How raw samples of a run became bits: what was asked for, the plan that follows from it, and what was charged.
///
/// From the first five members and the seed's epsilon the rest of the plan follows (entropy/extract/run_plan.h plans it
/// again).
struct ExtractionRecord {
  std::string extractor{};        ///< registered name
  std::uint64_t block_bits = 0;   ///< raw bits of a block asked for; some kinds take fewer
  double bits_per_sample = 0;     ///< the min-entropy claim used
  std::uint64_t wanted_bits = 0;  ///< bits the run was planned to give
  double log2_epsilon_limit = 0;  ///< distance from uniform of everything together
  std::uint64_t input_bits = 0;   ///< n
  std::uint64_t output_bits = 0;  ///< m
  std::uint64_t samples = 0;      ///< raw samples of a block; they fill at most n bits, zeros the rest
  double min_entropy = 0;         ///< k = samples * bits_per_sample, of a block
  std::uint64_t blocks = 0;       ///< planned for
  double log2_epsilon_block = 0;  ///< distance from uniform of one block's output
  ExtractorSeedRecord seed{};
  EpsilonRecord epsilon{};

  friend bool operator==(const ExtractionRecord&, const ExtractionRecord&) = default;
};

/// "operating-system" or "second-source".
std::string_view name_of(ExtractorSeedRecord::Origin origin) noexcept;

Json to_json(const ExtractorSeedRecord& record);
Json to_json(const ExtractionRecord& record);

/// The inverses. Throw Error(malformed) with the path of a member that is missing, unknown or out of range. Whether the
/// numbers follow from each other is for extraction_faults() to say.
ExtractorSeedRecord extractor_seed_from(ObjectReader reader);
ExtractionRecord extraction_record_from(ObjectReader reader);

}  // namespace lightseed
