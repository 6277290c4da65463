// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <memory>

#include "crypto/passphrase.h"

namespace lightseed {

/// A private key from a file that only its owner can read: PEM or DER, PKCS#8, SEC 1 or PKCS#1, PKCS#8 under a
/// passphrase, or a store of PKCS#12. It is read through secret memory and wiped behind it; its numbers lie in
/// OpenSSL's secure heap once that was initialised. Throws Error(device) when others can get at the file, or when it is
/// encrypted and the passphrase is wrong or nobody has one; Error(io) when it cannot be read; Error(malformed) when it
/// holds no such key, saying what it holds.
std::shared_ptr<EVP_PKEY> read_private_key(const std::filesystem::path& path, const AskPassphrase& ask = {});

}  // namespace lightseed
