// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "crypto/aes.h"

namespace lightseed {

/// Milenage's OPc (3GPP TS 35.206, 4.1): OP encrypted under K with AES-128, XOR OP. A card stores it instead of OP, so
/// that an opened card does not give away the operator's OP.
class OpcDerivation {
 public:
  /// Bytes of K, OP and OPc.
  static constexpr std::size_t bytes = 16;

  OpcDerivation();

  /// All three have 16 bytes; `opc` overlaps neither of the others. Throws Error(internal) for other lengths,
  /// Error(crypto).
  void derive(std::span<const std::byte> k, std::span<const std::byte> op, std::span<std::byte> opc);

 private:
  Aes aes_;  ///< rekeyed for each K: cheaper than a new one
};

}  // namespace lightseed
