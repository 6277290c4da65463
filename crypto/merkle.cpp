// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"

#include <bit>
#include <string>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::byte leaf_prefix{0x00};
constexpr std::byte node_prefix{0x01};

}  // namespace

Sha256Digest merkle_leaf(std::span<const std::byte> salt, std::span<const std::byte> block_id, std::string_view iccid,
                         std::span<const std::byte> keys) {
  if (salt.size() != 16 || block_id.size() != 16 || iccid.size() < 18 || iccid.size() > 20 || iccid.ends_with('F')) {
    throw Error(
        Category::usage,
        "a Merkle leaf needs a 16-byte salt, a 16-byte block id and an ICCID of 18 to 20 characters without filling F");
  }
  std::string padded(iccid);
  padded.resize(20, 'F');
  return Sha256().update(std::span(&leaf_prefix, 1)).update(salt).update(block_id).update(padded).update(keys).digest();
}

Sha256Digest merkle_root(std::span<const Sha256Digest> leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = std::bit_ceil(leaves.size()) / 2;
  const Sha256Digest left = merkle_root(leaves.first(split));
  const Sha256Digest right = merkle_root(leaves.subspan(split));
  return Sha256().update(std::span(&node_prefix, 1)).update(left).update(right).digest();
}

}  // namespace lightseed
