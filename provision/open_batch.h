// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "crypto/recipient_key.h"
#include "crypto/trust.h"
#include "provision/certified_batch.h"
#include "provision/further_signatures.h"
#include "provision/key_package.h"

namespace lightseed {

struct OpenRequest {
  std::optional<std::string> iccid{};   ///< this SIM's block alone
  std::optional<std::string> outlet{};  ///< "card" or "network"; the side the key opens unless said
  std::stop_token stop{};
  /// Is told what will be opened, once its certificate was found good and before the first block.
  std::function<void(const CertifiedBatch&)> begin{};
  SignatureDemands signatures{};  ///< what there must be beside the first signature
};

/// Opens the key files of a batch for whoever holds a recipient's key, block after block, in the order of the files.
///
/// The certificate's seal comes first; each file must have its certified digest before it is opened, and hold what the
/// certificate says of it. `take` sees a block's keys only for the time of the call, in memory that is wiped after it.
/// Returns what the certificate says. Throws Error(verdict) for whatever does not hold,
/// Error(refused) for a batch that waits for its release (release.h) or lacks a signature that is asked for,
/// Error(usage) for a SIM or side that the batch does not have, Error(interrupted), and what `take` throws; blocks may
/// have been taken before.
CertifiedBatch open_batch(const std::filesystem::path& directory, const TrustAnchor& trust, const RecipientKey& key,
                          const OpenRequest& request, const std::function<void(const PackagedBlock&)>& take);

}  // namespace lightseed
