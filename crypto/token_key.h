// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "crypto/signing_key.h"

namespace lightseed {

/// A private key that lives in a token – an HSM, a smart card, SoftHSM – and never leaves it, reached through PKCS#11.
///
/// `uri` is a PKCS#11 URI (RFC 7512) that names one token and one key:
///
///   pkcs11:token=keys;object=signer?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/lightseed/pin
///
/// Without module-path the modules that p11-kit is configured with are looked through. The PIN is the first line of a
/// file that only its owner can read; pin-value is refused, because a command line is no place for a secret. The key
/// must be an EC key on P-384; the token signs a SHA-384 digest (CKM_ECDSA).
///
/// Throws Error(usage) for a URI that is none or names too little, Error(device) when module, token or key is not
/// there, the PIN is wrong or its file can be read by others, Error(refused) for a key of another kind.
std::unique_ptr<const SigningKey> open_token_key(const std::string& uri, SignatureKind kind);

}  // namespace lightseed
