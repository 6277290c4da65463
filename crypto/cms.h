// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

#include "crypto/recipient.h"
#include "crypto/signed_data.h"

namespace lightseed {

/// The container around a key package: AuthEnvelopedData (RFC 5083, AES-256-GCM) around id-data, which is a SignedData
/// (crypto/signed_data.h) over a SymmetricKeyPackage (RFC 6031), all in DER. `openssl cms` opens it, and so does every
/// other reader of RFC 5083.
///
/// OpenSSL finds the content key and encrypts; the few bytes around the content are set in place here. So a package is
/// never copied: it goes from where its keys were made through the cipher into the file, a piece at a time.

/// Takes the bytes of a file, one piece after the other.
using Sink = std::function<void(std::span<const std::byte>)>;

/// Encrypts a signed package for one recipient under a fresh content key. Throws Error(crypto), and what the sink
/// throws.
void envelop(const SignedPackage& signed_package, const Recipient& recipient, const Sink& sink);

}  // namespace lightseed
