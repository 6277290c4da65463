// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "provision/verify.h"

namespace lightseed::cli {

/// `batch verify` of the directory of an order in parts: verifies and prints. Returns the exit code, as for a batch.
/// Throws as verify_order() does.
int verify_whole_order(const Context& context, const TrustAnchor& trust, VerifyRequest request);

}  // namespace lightseed::cli
