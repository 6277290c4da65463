// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <span>
#include <vector>

namespace lightseed {

/// The last step of every signature, which the kinds share: they differ in how the context is made ready, by
/// EVP_DigestSignInit or EVP_DigestVerifyInit.

/// Signs the whole message. `what` says in errors what failed. Throws Error(crypto).
std::vector<std::byte> signature_by(EVP_MD_CTX* context, std::span<const std::byte> message, const char* what);

/// The signature holds over the whole message. What libcrypto says of one that does not is its caller's to clear.
bool is_signature_by(EVP_MD_CTX* context, std::span<const std::byte> message, std::span<const std::byte> signature);

}  // namespace lightseed
