// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "core/secret_bytes.h"
#include "crypto/signature_kind.h"

namespace lightseed {

/// A private key with a certificate that it signed itself, for whoever wants to try Lightseed before a certificate
/// authority gave them theirs. Nobody vouches for it.
struct TrialCertificate {
  std::string certificate;  ///< PEM
  SecretBytes key;          ///< PEM, PKCS#8, not encrypted
};

/// What the certificate may be used for.
enum class TrialUse {
  sign,     ///< digitalSignature: who signs batches
  receive,  ///< P-384, keyAgreement: whom key files are encrypted for
};

/// The subject is `CN=name,O=TEST - not for production`; valid from `now` for `days` (1 to 365). A signer's key is of
/// `kind`. Throws Error(usage) for a name that is empty or longer than 64 printable ASCII characters, Error(refused)
/// for a kind that this libcrypto does not offer, Error(crypto).
TrialCertificate make_trial_certificate(TrialUse use, std::string_view name, std::time_t now, int days,
                                        SignatureKind kind = SignatureKind::ecdsa_p384);

}  // namespace lightseed
