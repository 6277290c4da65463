#pragma once

#include <span>
#include <vector>

#include "core/secret_bytes.h"
#include "provision/recipient.h"
#include "provision/signer.h"

namespace lightseed {

/// The container around a key package: AuthEnvelopedData (RFC 5083, AES-256-GCM) over SignedData (RFC 5652,
/// ECDSA P-384 with SHA-384) over a SymmetricKeyPackage (RFC 6031). `openssl cms` opens it.

/// SignedData in DER with the package inside. Throws Error(io).
SecretBytes sign_package(std::span<const std::byte> package, const Signer& signer);

/// AuthEnvelopedData in DER. Throws Error(io).
std::vector<std::byte> envelop(std::span<const std::byte> signed_data, const Recipient& recipient);

/// The package inside a SignedData whose only signature is by `trusted`. Throws Error(verdict).
SecretBytes verify_package(std::span<const std::byte> signed_data, const X509Certificate& trusted);

}  // namespace lightseed
