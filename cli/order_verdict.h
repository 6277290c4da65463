// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.h"
#include "provision/verify.h"

namespace lightseed::cli {

/// `batch verify` of the directory of an order in parts: verifies and prints. Returns the exit code, as for a batch.
/// Throws as verify_order() does.
int verify_whole_order(const Context& context, const TrustAnchor& trust, VerifyRequest request);

/// 0 as certified, 1 something does not hold, 7 as certified but not enough for the policy.
int verdict_code(const std::vector<std::string>& faults, const std::vector<std::string>& refusals);

/// VALID, INVALID or REFUSED: the same in a word.
const char* verdict_word(int code);

/// What was found, a line each.
void show_findings(const Context& context, const std::vector<std::string>& checks,
                   const std::vector<std::string>& notices, const std::vector<std::string>& faults);

}  // namespace lightseed::cli
