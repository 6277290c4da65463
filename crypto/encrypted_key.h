// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/secret_bytes.h"
#include "crypto/passphrase.h"

namespace lightseed {

/// A PKCS#8 private key in DER out of one that is encrypted under a passphrase (RFC 5958), decrypted into secret
/// memory. Throws Error(malformed) when `der` is none, Error(device) when the passphrase is wrong or nobody has one;
/// `file` is said in sentences.
SecretBytes decrypted_pkcs8(std::span<const std::byte> der, const std::string& file, const AskPassphrase& ask);

/// What is in a store of keys and certificates (PKCS#12, RFC 7292).
struct Pkcs12Content {
  std::shared_ptr<EVP_PKEY> key;          ///< null: it has none
  std::vector<std::string> certificates;  ///< in DER; that of the key first
};

/// Opens one. Throws as decrypted_pkcs8() does.
Pkcs12Content open_pkcs12(std::span<const std::byte> der, const std::string& file, const AskPassphrase& ask);

}  // namespace lightseed
