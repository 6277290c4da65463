// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crypto/passphrase.h"
#include "crypto/signature_kind.h"

namespace lightseed {

/// A private key that signs, wherever it lives: in a file or in a token. Another place is a row in the table of
/// signing_key.cpp. Nothing but signatures ever leaves it.
class SigningKey {
 public:
  virtual ~SigningKey() = default;
  SigningKey() = default;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  /// A signature of the key's kind over `message`. Throws Error(crypto), or Error(device) when a token is gone.
  [[nodiscard]] virtual std::vector<std::byte> sign(std::span<const std::byte> message) const = 0;
};

/// Opens `file:PATH`, a plain path, or a PKCS#11 URI (token_session.h). A path that looks like another scheme is
/// written file:PATH. Throws as read_private_key() and open_token_signing_key() do; Error(refused) when the key is not
/// of this kind; Error(usage) for an unknown scheme, listing the known ones.
std::unique_ptr<const SigningKey> open_signing_key(const std::string& uri,
                                                   SignatureKind kind = SignatureKind::ecdsa_p384,
                                                   const AskPassphrase& ask = {});

}  // namespace lightseed
