// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// What was charged to a promise of a distance from uniform, and what it adds up to (entropy/account.h adds).
struct EpsilonRecord {
  /// One line of the account.
  struct Charge {
    enum class What {
      blocks,  ///< outputs of the extractor
      seed,    ///< seeds that are themselves only close to uniform
    };
    What what = What::blocks;
    double log2_epsilon = 0;  ///< of one block, or of the seed; from -4000 to 0
    std::uint64_t count = 0;

    friend bool operator==(const Charge&, const Charge&) = default;
  };

  double limit_log2 = 0;               ///< the most all charges may add up to, from -4000 to 0
  std::optional<double> total_log2{};  ///< nothing before the first charge
  std::uint64_t blocks = 0;            ///< of all charges for blocks together
  std::vector<Charge> charges{};       ///< one for each distinct epsilon, in the order of their first charge

  friend bool operator==(const EpsilonRecord&, const EpsilonRecord&) = default;
};

/// "blocks" or "seed".
std::string_view name_of(EpsilonRecord::Charge::What what) noexcept;

/// `{"limit_log2":…,"total_log2":…,"blocks":…,"charges":[{"what":"blocks","log2_epsilon":…,"count":…}]}`
Json to_json(const EpsilonRecord& record);

/// The inverse. Throws Error(malformed) with the path of a member that is missing, unknown or out of range. Whether the
/// sums are right is for EpsilonAccount to say.
EpsilonRecord epsilon_record_from(ObjectReader reader);

}  // namespace lightseed
