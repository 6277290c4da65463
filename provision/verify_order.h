// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/provenance.h"
#include "crypto/trust.h"
#include "evidence/order_certificate.h"
#include "provision/verify.h"

namespace lightseed {

struct OrderVerifyReport {
  OrderCertificate certificate;
  Provenance provenance = Provenance::hardware;  ///< the weakest of the parts'
  std::uint64_t parts_valid = 0;                 ///< parts that verify() had nothing against
  std::vector<std::string> checks;               ///< what was checked and holds, one phrase each
  std::vector<std::string> notices;
  std::vector<std::string> faults;    ///< what does not hold, with the part
  std::vector<std::string> refusals;  ///< what holds and is not enough for the policy

  [[nodiscard]] bool valid() const noexcept { return faults.empty() && refusals.empty(); }
};

/// Checks the directory of an order in parts, offline: the order's certificate, every part as verify() checks a batch,
/// and that these parts, all of them and no others, are the ones the certificate binds. `request.order` is the whole
/// order. Memory follows the size of a part; with a recipient's key 16 bytes for each SIM of the order are added, to
/// see that none is in two parts.
///
/// Throws as verify() does where there is no certificate of the order to be believed; what is wrong with a part is a
/// fault.
OrderVerifyReport verify_order(const std::filesystem::path& directory, const TrustAnchor& trust,
                               const VerifyRequest& request = {});

}  // namespace lightseed
