// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/signature_kind.h"
#include "crypto/x509.h"

namespace lightseed {

/// The public keys that keys may be sent to: named curves of 256 bits and more, RSA of 2048 bits and more with an odd
/// exponent from 65537 to 2^64. Everything else – explicit curve parameters, short curves, e = 3, e = 1 – is refused.

/// "P-256", "P-384", "P-521" (FIPS 186-5) or "brainpoolP256r1", … (RFC 5639); nothing for a curve that is not allowed.
/// `short_name` is OpenSSL's: "prime256v1".
std::optional<std::string> allowed_curve(std::string_view short_name);

/// "P-384" or "RSA-3072" is a key that keys may be sent to; `least_rsa_bits` and more.
bool is_allowed_key(std::string_view name);

/// What a key in a certificate is.
struct PublicKey {
  bool rsa = false;
  std::string name;                  ///< "P-384", "brainpoolP256r1", "RSA-3072"
  std::vector<std::string> notices;  ///< sentences a person should read, though the key is accepted
};

/// Judges the key of a certificate, its mathematics too (SP 800-56A 5.6.2.3, SP 800-56B 6.4.2). `purpose` is what it
/// cannot do otherwise, in words. The key of an authority over a further signature may also be of that signature's kind
/// `also`, or of one akin to it (may_vouch_for()); none of those receives keys. Throws Error(refused) that says which
/// rule it breaks.
PublicKey judge_public_key(const X509Certificate& certificate, std::string_view purpose = "receive keys",
                           std::optional<SignatureKind> also = std::nullopt);

}  // namespace lightseed
