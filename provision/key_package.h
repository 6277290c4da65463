// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/secret_bytes.h"

namespace lightseed {

/// SymmetricKeyPackage of RFC 6031 in DER: one OneSymmetricKey per key block, all one-time keys of a SIM behind each
/// other in its octet string.
///
/// Attributes of the package: batch id, bytes a key. Of a block: keyId = block id in hexadecimal, serialNo = ICCID,
/// noOfTransactions = number of keys (each serves once), IMSI and the salt of the Merkle leaf. docs/formats.md lists
/// the object identifiers.

/// What is said of a block beside its keys.
struct BlockHeader {
  std::array<std::byte, 16> id{};
  std::array<std::byte, 16> salt{};
  std::string iccid;
  std::string imsi;
};

/// A package laid out with its key fields still zero; whoever makes the keys writes them in place, so that no copy
/// of them exists.
class KeyPackage {
 public:
  /// `memory` of an earlier package is used again where it is large enough: to get locked memory costs about as much
  /// as to encrypt what will be in it.
  /// Throws Error(usage) when there is no block or no key.
  KeyPackage(const std::string& batch, std::span<const BlockHeader> blocks, std::uint64_t keys_per_block,
             std::size_t key_bytes, SecretBytes memory = {});

  /// The keys of block i, keys_per_block * key_bytes bytes.
  [[nodiscard]] std::span<std::byte> keys(std::size_t block) noexcept;

  [[nodiscard]] std::span<const std::byte> der() const noexcept { return memory_.bytes().first(size_); }

  /// The memory, wiped, for the next package; this one is over then.
  [[nodiscard]] SecretBytes take_memory() noexcept;

 private:
  SecretBytes memory_;
  std::size_t size_ = 0;  ///< of the DER in it
  std::vector<std::size_t> key_offsets_;
  std::size_t block_bytes_;
};

/// A block as read back: views into the package it was read from.
struct PackagedBlock {
  BlockHeader header;
  std::uint64_t key_count = 0;
  std::span<const std::byte> keys;
};

struct ParsedKeyPackage {
  std::string batch;
  std::uint64_t key_bytes = 0;
  std::vector<PackagedBlock> blocks;
};

/// Reads a package strictly: DER, the attributes above each exactly once, sizes that agree.
/// Throws Error(verdict) that says what is wrong. The views point into `der`.
ParsedKeyPackage parse_key_package(std::span<const std::byte> der);

}  // namespace lightseed
