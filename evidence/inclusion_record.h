// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// That a block is in a batch: its leaf of the batch's Merkle tree and the way from there to the certified root. Says
/// nothing of the keys to who does not have them: a leaf is salted.
struct InclusionRecord {
  std::string batch;              ///< UUID
  std::string iccid;              ///< of the block's SIM
  std::string block;              ///< the block's id, hexadecimal
  std::uint64_t index = 0;        ///< of the leaf, from 0
  std::uint64_t leaves = 0;       ///< of the tree: the batch's SIMs
  std::string leaf;               ///< hexadecimal
  std::vector<std::string> path;  ///< hashes beside the way, from the leaf up; hexadecimal

  friend bool operator==(const InclusionRecord&, const InclusionRecord&) = default;
};

inline constexpr std::string_view inclusion_schema = "urn:lightseed:inclusion-proof/v1";

Json to_json(const InclusionRecord& record);

/// Takes all members. Throws Error(malformed).
InclusionRecord inclusion_record_from(ObjectReader reader);

}  // namespace lightseed
