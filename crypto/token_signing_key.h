// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "crypto/signing_key.h"

namespace lightseed {

/// A private key that lives in a token and never leaves it. `uri` is a PKCS#11 URI (token_session.h); the key must be
/// an EC key on P-384, and the token signs a SHA-384 digest (CKM_ECDSA).
///
/// Throws as TokenSession does; Error(device) when the key is not there, Error(refused) for a key of another kind, and
/// for every `kind` but ecdsa_p384: there is no name for the others that tokens share.
std::unique_ptr<const SigningKey> open_token_signing_key(const std::string& uri, SignatureKind kind);

}  // namespace lightseed
