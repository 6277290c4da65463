#pragma once

#include <functional>
#include <span>
#include <string>

#include "core/secret_bytes.h"
#include "crypto/recipient.h"
#include "crypto/signer.h"

namespace lightseed {

/// The container around a key package: AuthEnvelopedData (RFC 5083, AES-256-GCM) over SignedData (RFC 5652,
/// ECDSA P-384 with SHA-384) over a SymmetricKeyPackage (RFC 6031), all in DER. `openssl cms` opens it.
///
/// OpenSSL signs and encrypts the content as detached; the few bytes around it are then set in place. So a package is
/// never copied: it goes from where its keys were made through the cipher into the file, a piece at a time.

/// A SignedData in three pieces: head, package, tail. The package stays where it was.
struct SignedPackage {
  std::string head;
  std::span<const std::byte> package;
  std::string tail;
};

/// Signs the package, which must outlive the result. Throws Error(io).
SignedPackage sign_package(std::span<const std::byte> package, const Signer& signer);

/// Takes the bytes of a file, one piece after the other.
using Sink = std::function<void(std::span<const std::byte>)>;

/// Encrypts a signed package for one recipient under a fresh content key. Throws Error(io), and what the sink throws.
void envelop(const SignedPackage& signed_package, const Recipient& recipient, const Sink& sink);

/// The package inside a SignedData whose only signature is by `trusted`. Throws Error(verdict).
SecretBytes verify_package(std::span<const std::byte> signed_data, const X509Certificate& trusted);

}  // namespace lightseed
