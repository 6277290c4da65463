// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>
#include <string_view>

#include "crypto/x509.h"

namespace lightseed {

/// What a batch's certificate is signed with. The first signature is on every one and decides alone; a second one may
/// stand beside it, for readers whose rules ask for SM2.
enum class SignatureKind {
  ecdsa_p384,  ///< ECDSA on P-384 with SHA-384 (ecdsa.h): the first
  sm2,         ///< SM2 with SM3 (sm2.h): the second
};

/// The key makes such signatures, and its curve is given by its name.
bool is_key_for(SignatureKind kind, const EVP_PKEY* key);

/// A signature over `message` by the certificate's key, which must be of this kind; only bytes that nobody but the
/// signer could have made of it.
bool signature_is_valid(SignatureKind kind, const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature);

/// For sentences to a person.
struct SignatureWords {
  std::string_view key;      ///< "ECDSA key on the named curve P-384"
  std::string_view purpose;  ///< what such a key is for
  std::string_view make;     ///< the command that makes one
};
SignatureWords words_for(SignatureKind kind) noexcept;

}  // namespace lightseed
