// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "crypto/aes_key.h"

namespace lightseed {

/// An AES key that lives in a token and never leaves it. `uri` is a PKCS#11 URI (token_session.h) that names a secret
/// key of AES with 16, 24 or 32 bytes.
///
/// The token encrypts in ECB and CBC (CKM_AES_ECB, CKM_AES_CBC) under a key that may encrypt (CKA_ENCRYPT), and wraps
/// by RFC 3394 (CKM_AES_KEY_WRAP) under one that may wrap (CKA_WRAP). RFC 5649 is made of blocks in ECB.
///
/// Throws as TokenSession does; Error(device) when the key is not there, Error(refused) when it is no such key.
std::unique_ptr<const AesKey> open_token_aes_key(const std::string& uri);

}  // namespace lightseed
