// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace lightseed {

/// What a file without labels may be.
enum class DerKind {
  none,  ///< no DER
  something,
  certificate,
  private_key,            ///< PKCS#8, SEC 1 or PKCS#1
  encrypted_private_key,  ///< PKCS#8 under a passphrase
  public_key,
  cms,     ///< ContentInfo: PKCS#7 and CMS
  pkcs12,  ///< a store of keys and certificates
};

/// From how the DER begins; `certificate` is whatever begins as one.
DerKind der_kind_of(std::span<const std::byte> der);

}  // namespace lightseed
