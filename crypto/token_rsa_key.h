// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "crypto/rsa.h"

namespace lightseed {

/// A private RSA key that lives in a token and never leaves it. `uri` is a PKCS#11 URI (token_session.h). The digest is
/// made here, and the token signs it (CKM_RSA_PKCS), which every token with RSA can. Its public half comes from the
/// token too; the key signs once for trial, and that must verify.
///
/// Throws as TokenSession does; Error(device) when the key is not there, Error(refused) when it is not of RSA or may
/// not sign.
std::unique_ptr<const RsaSigner> open_token_rsa_key(const std::string& uri);

}  // namespace lightseed
