// SPDX-License-Identifier: Apache-2.0
#include "crypto/milenage.h"

#include <array>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::array<std::byte, OpcDerivation::bytes> no_key_yet{};

}  // namespace

OpcDerivation::OpcDerivation() : aes_(Aes::Mode::ecb, no_key_yet) {}

void OpcDerivation::derive(std::span<const std::byte> k, std::span<const std::byte> op, std::span<std::byte> opc) {
  if (k.size() != bytes || op.size() != bytes || opc.size() != bytes) {
    throw Error(Category::internal, "Milenage's K, OP and OPc have 16 bytes");
  }
  aes_.rekey(k);
  aes_.encrypt({}, op, opc);
  for (std::size_t i = 0; i < bytes; ++i)
    opc[i] ^= op[i];
}

}  // namespace lightseed
