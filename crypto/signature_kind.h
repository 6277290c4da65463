// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/handles.h"
#include "crypto/x509.h"

namespace lightseed {

/// What a batch's certificate is signed with. The first signature is ECDSA on P-384, is on every one and decides alone.
/// One or two further ones may stand beside it, of other kinds, for readers whose rules ask for them. A further kind is
/// a name here and a row in the table of signature_kind.cpp.
enum class SignatureKind { ecdsa_p384, ecdsa_p521, sm2, ed25519, ed448, ml_dsa_65, ml_dsa_87 };

/// All of them, the first signature's first.
std::span<const SignatureKind> signature_kinds() noexcept;

/// As options and JSON call it: "ecdsa-p384", "ml-dsa-65".
std::string_view name_of(SignatureKind kind) noexcept;

/// The inverse; nothing for another name.
std::optional<SignatureKind> signature_kind_from(std::string_view name) noexcept;

/// The libcrypto at hand offers it: asked of itself, not of its version.
bool is_available(SignatureKind kind);

/// A sentence for who meets a kind that is not available: what is missing here, and where it is not.
std::string absence_of(SignatureKind kind);

/// The key makes such signatures; a curve is given by its name.
bool is_key_for(SignatureKind kind, const EVP_PKEY* key);

/// What the key of a certificate signs with; nothing where that is no kind of the table, or no good key of it. The
/// object identifiers decide, so it is known of kinds, too, that are not available: then all that is looked at of the
/// key is its length.
std::optional<SignatureKind> kind_of(const X509Certificate& certificate);

/// An authority with a key of kind `authority` may vouch for a further signature of this kind though it is not on the
/// list of public_key.h.
bool may_vouch_for(SignatureKind authority, SignatureKind kind) noexcept;

/// A new private key of a kind that is available. Throws Error(crypto).
openssl::Handle<EVP_PKEY> new_key_of(SignatureKind kind);

/// Signs with a key of this kind. Of several signatures that everybody could make of it, it is any: see settled().
/// Throws Error(crypto).
std::vector<std::byte> signature_of(SignatureKind kind, EVP_PKEY* key, std::span<const std::byte> message);

/// Of the signatures that everybody could make of this one, that which signature_is_valid() takes: of ECDSA's the one
/// with the lower s. Throws Error(crypto) when it is none.
std::vector<std::byte> settled(SignatureKind kind, std::vector<std::byte> signature);

/// Signs a certificate, all else of which is there, with the digest that goes with the kind. Throws Error(crypto).
void sign_certificate(SignatureKind kind, X509* certificate, EVP_PKEY* key);

/// A signature over `message` by the certificate's key, which must be of this kind, which must be available; only bytes
/// that nobody but the signer could have made of it.
bool signature_is_valid(SignatureKind kind, const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature);

/// It has the length, or the DER, of signatures of this kind: all that can be said of one whose kind is not available.
bool has_form_of(SignatureKind kind, std::span<const std::byte> signature);

/// For sentences to a person.
struct SignatureWords {
  std::string_view kind;        ///< "ECDSA P-384"
  std::string_view algorithms;  ///< "ECDSA on P-384 with SHA-384"
  std::string_view key;         ///< "ECDSA key on the named curve P-384"
  std::string_view purpose;     ///< what such a key is for
  std::string_view make;        ///< the command that makes one
};
SignatureWords words_for(SignatureKind kind) noexcept;

}  // namespace lightseed
