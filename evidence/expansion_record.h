// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// What stood between the extractor and the user (SP 800-90C), and what it took and gave.
struct ExpansionRecord {
  std::string mode = "none";  ///< "none", "rbg3-xor", "rbg3-rs" or "rbg2"
  std::string drbg;           ///< the following are left out with "none"
  std::uint64_t strength_bits = 0;
  std::uint64_t bytes = 0;               ///< given
  std::uint64_t full_entropy_bytes = 0;  ///< taken from the extractor
  std::uint64_t reseeds = 0;
  std::uint64_t bytes_per_seed = 0;  ///< rbg2 alone: the most between two seeds

  friend bool operator==(const ExpansionRecord&, const ExpansionRecord&) = default;
};

Json to_json(const ExpansionRecord& record);

/// The inverse. Throws Error(malformed) naming the member.
ExpansionRecord expansion_record_from(ObjectReader reader);

}  // namespace lightseed
