// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "crypto/signer.h"
#include "crypto/trust.h"
#include "evidence/order_certificate.h"

namespace lightseed {

/// The file that binds the parts of a large order: an OrderCertificate in a DSSE envelope with one signature.

inline constexpr std::string_view order_certificate_payload_type = "application/vnd.lightseed.order-certificate+json";

/// The file in an order's directory.
inline constexpr std::string_view order_certificate_name = "order.certificate.json";

/// Signs and writes it. One of this signer that says the same, its moment aside, is left as it is; throws
/// Error(refused) for another one, Error(io).
void write_order_certificate(const std::filesystem::path& directory, const OrderCertificate& certificate,
                             const Signer& signer);

/// There is none, or one of this signer with the same order, cut and keys. Throws Error(refused) for another one,
/// Error(io).
void require_no_other_order_certificate(const std::filesystem::path& directory, const OrderCertificate& planned,
                                        const Signer& signer);

/// The directory is that of an order in parts.
bool has_order_certificate(const std::filesystem::path& directory);

/// Reads one that `trust` signed, or somebody it vouches for, who was allowed to at its moment. Throws Error(verdict)
/// that says what is wrong, Error(io).
OrderCertificate read_order_certificate(const std::filesystem::path& directory, const TrustAnchor& trust);

}  // namespace lightseed
