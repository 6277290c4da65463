// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/signer.h"
#include "crypto/trust.h"

namespace lightseed {

/// DSSE envelopes (Dead Simple Signing Envelope v1) around JSON: the exact body bytes are signed and shipped, so
/// no canonical JSON is needed.
///
/// DSSE allows any number of signatures by any keys, and leaves it to the verifier which of them count. Here there are
/// one to three: ECDSA on P-384 first, and perhaps one or two more over the very same bytes, each of a kind of its own.
/// The first decides whether an envelope opens. The others can only take away: one that does not hold closes the
/// envelope, whoever is trusted, because nobody honest writes one, and what another reader would refuse nobody should
/// pass on. Whether their signers are somebody, and whether the body knows of them, is the caller's to judge.
///
/// A further signature of a kind that this libcrypto does not offer cannot be checked. The envelope opens, and says so
/// of it: the first signature holds, and nothing was learnt from the other. Whoever needs it must refuse.

/// What is signed: "DSSEv1" SP len(type) SP type SP len(body) SP body.
std::string pre_authentication_encoding(std::string_view type, std::string_view body);

/// An envelope as a JSON text that ends in a newline, with the further signatures in their order. The keyid is the
/// certificate's fingerprint, "cert" its DER in base64, so that who trusts an authority can check the signer. Throws as
/// require_together() does.
std::string seal(std::string_view type, std::string_view body, const Signer& signer,
                 std::span<const FurtherSigner> further = {});

/// What may be asked of an envelope.
struct UnsealOptions {
  std::size_t most_bytes = std::size_t{1} << 20;  ///< of the text, looked at before anything else
  /// Envelopes of edition 1 may have the higher s: nothing chose it then. Whoever allows it must look at `canonical`
  /// once the body says its edition.
  Malleability malleability = Malleability::refuse;
  std::string_view what = "the certificate";  ///< how errors speak of it
};

/// A signature beside the first.
struct FurtherSignature {
  /// It holds by the key of this certificate, which came with it: that is all that is known of whom. Where it was not
  /// checked not even that.
  X509Certificate signer;
  SignatureKind kind = SignatureKind::sm2;
  bool checked = false;  ///< false: this libcrypto does not offer the kind
};

/// What an envelope held.
struct Unsealed {
  std::string body;
  X509Certificate signer;
  std::vector<FurtherSignature> further{};  ///< those beside the first, each of another kind
  /// The text is, byte for byte, what seal() would write around its signatures today: with the signers' certificates
  /// and the lower s. Then nobody but the signers could have made another text that verifies, other than by taking a
  /// further signature away, which the body must know of – or by changing one that was not checked.
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
