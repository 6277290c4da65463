// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "provision/policy.h"

namespace lightseed::cli {

/// What a verification found, of a batch or of an order in parts.
struct Findings {
  const std::vector<std::string>& checks;
  const std::vector<std::string>& notices;
  const std::vector<std::string>& faults;
  const std::vector<std::string>& refusals;

  /// 0 as certified, 1 something does not hold, 7 as certified but not enough for the policy.
  [[nodiscard]] int exit_code() const;
  /// VALID, INVALID or REFUSED: the same in a word.
  [[nodiscard]] const char* word() const;

  /// Checks, notices and faults, a line each.
  void show(std::ostream& out) const;
  void show_refusals(std::ostream& out) const;
  /// The members of the same names, and the policy's floors.
  void add_to(Json& body, const Policy& policy) const;
};

}  // namespace lightseed::cli
