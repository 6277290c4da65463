// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/signer.h"
#include "crypto/trust.h"

namespace lightseed {

/// DSSE envelopes (Dead Simple Signing Envelope v1) around JSON: the exact body bytes are signed and shipped, so
/// no canonical JSON is needed.
///
/// DSSE allows any number of signatures by any keys, and leaves it to the verifier which of them count. Here there are
/// one or two, by kind and in this order: ECDSA on P-384, and perhaps SM2 over the very same bytes. The first decides
/// whether an envelope opens. The second can only take away: one that does not hold closes the envelope, whoever is
/// trusted, because nobody honest writes one, and what a reader in China would refuse nobody should pass on. Whether
/// its signer is somebody, and whether the body knows of it, is the caller's to judge.

/// What is signed: "DSSEv1" SP len(type) SP type SP len(body) SP body.
std::string pre_authentication_encoding(std::string_view type, std::string_view body);

/// An envelope with one signature, or two, as a JSON text that ends in a newline. The keyid is the certificate's
/// fingerprint, "cert" its DER in base64, so that who trusts an authority can check the signer.
std::string seal(std::string_view type, std::string_view body, const Signer& signer, const Sm2Signer* second = nullptr);

/// What may be asked of an envelope.
struct UnsealOptions {
  std::size_t most_bytes = std::size_t{1} << 20;  ///< of the text, looked at before anything else
  /// Envelopes of edition 1 may have the higher s: nothing chose it then. Whoever allows it must look at `canonical`
  /// once the body says its edition.
  Malleability malleability = Malleability::refuse;
  std::string_view what = "the certificate";  ///< how errors speak of it
};

/// What an envelope held.
struct Unsealed {
  std::string body;
  X509Certificate signer;
  /// Whose signature of SM2 stands beside the first, and holds by the key of this certificate, which came with it: that
  /// is all that is known of whom.
  std::optional<X509Certificate> second_signer{};
  /// The text is, byte for byte, what seal() would write around its signatures today: with the signers' certificates
  /// and the lower s. Then nobody but the signers could have made another text that verifies, other than by taking the
  /// second signature away, which the body must know of.
  bool canonical = false;
};

/// The body of an envelope of this type, signed by `trust` or by whom it vouches for. The signature comes first: of an
/// envelope without a good one nothing but its fixed form was looked at. Whether the signer was allowed to sign at the
/// time of issue, which only the body knows, is TrustAnchor::judge()'s to say.
///
/// Strict on purpose: the text must be byte for byte what seal() writes, or wrote in edition 1 (without "cert", one
/// signature), so that no byte of the file can change unnoticed, signed or not. Throws Error(verdict) that says what is
/// wrong.
Unsealed unseal(std::string_view type, std::string_view envelope, const TrustAnchor& trust,
                const UnsealOptions& options = {});

/// The certificate that came with the first signature of an envelope of this type, for callers who know it by its
/// digest: nothing is said of whether the signature holds. Throws Error(verdict) when the text is no envelope or brings
/// none.
X509Certificate enclosed_certificate(std::string_view type, std::string_view envelope, std::string_view what);

/// The body of an envelope sealed by the very certificate `trusted`. The higher s is taken in the form of edition 1
/// only.
std::string unseal(std::string_view type, std::string_view envelope, const X509Certificate& trusted);

}  // namespace lightseed
