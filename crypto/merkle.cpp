// SPDX-License-Identifier: Apache-2.0
#include "crypto/merkle.h"

#include <algorithm>
#include <bit>
#include <string>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::byte leaf_prefix{0x00};
constexpr std::byte node_prefix{0x01};

Sha256Digest node(const Sha256Digest& left, const Sha256Digest& right) {
  return Sha256().update(std::span(&node_prefix, 1)).update(left).update(right).digest();
}

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

Sha256Digest merkle_leaf(std::span<const std::byte> entry) {
  return Sha256().update(std::span(&leaf_prefix, 1)).update(entry).digest();
}

Sha256Digest merkle_root(std::span<const Sha256Digest> leaves) {
  if (leaves.empty()) return sha256({});
  if (leaves.size() == 1) return leaves.front();
  const std::size_t split = std::bit_ceil(leaves.size()) / 2;
  return node(merkle_root(leaves.first(split)), merkle_root(leaves.subspan(split)));
}

std::vector<Sha256Digest> merkle_path(std::span<const Sha256Digest> leaves, std::size_t index) {
  if (index >= leaves.size()) throw Error(Category::usage, "a Merkle tree has no leaf of that number");
  std::vector<Sha256Digest> path;
  while (leaves.size() > 1) {
    const std::size_t split = std::bit_ceil(leaves.size()) / 2;
    const bool is_left = index < split;
    path.push_back(merkle_root(is_left ? leaves.subspan(split) : leaves.first(split)));
    leaves = is_left ? leaves.first(split) : leaves.subspan(split);
    if (!is_left) index -= split;
  }
  std::ranges::reverse(path);
  return path;
}

std::optional<Sha256Digest> merkle_root_by_path(const Sha256Digest& leaf, std::uint64_t index, std::uint64_t count,
                                                std::span<const Sha256Digest> path) {
  if (index >= count) return std::nullopt;
  // From the leaf up: `last` is the number of the last node of a level, `index` ours. A node without a neighbour on its
  // right goes up as it is.
  std::uint64_t last = count - 1;
  Sha256Digest hash = leaf;
  for (const Sha256Digest& neighbour : path) {
    if (last == 0) return std::nullopt;
    if (index % 2 == 1 || index == last) {
      hash = node(neighbour, hash);
      while (index % 2 == 0 && index != 0) {
        index /= 2;
        last /= 2;
      }
    } else {
      hash = node(hash, neighbour);
    }
    index /= 2;
    last /= 2;
  }
  return last == 0 ? std::optional(hash) : std::nullopt;
}

std::vector<Sha256Digest> merkle_consistency(std::span<const Sha256Digest> leaves, std::size_t before) {
  if (before > leaves.size()) throw Error(Category::usage, "a Merkle tree cannot have had more leaves before");
  std::vector<Sha256Digest> path;
  if (before == 0) return path;
  // Down to the node that both trees have; that the earlier tree as a whole is such a node its root says already.
  bool is_whole = true;
  while (before < leaves.size()) {
    const std::size_t split = std::bit_ceil(leaves.size()) / 2;
    if (before <= split) {
      path.push_back(merkle_root(leaves.subspan(split)));
      leaves = leaves.first(split);
    } else {
      path.push_back(merkle_root(leaves.first(split)));
      leaves = leaves.subspan(split);
      before -= split;
      is_whole = false;
    }
  }
  if (!is_whole) path.push_back(merkle_root(leaves));
  std::ranges::reverse(path);
  return path;
}

bool merkle_grew(std::uint64_t before, const Sha256Digest& root_before, std::uint64_t count, const Sha256Digest& root,
                 std::span<const Sha256Digest> path) {
  if (before > count) return false;
  if (before == count) return path.empty() && root_before == root;
  if (before == 0) return path.empty() && root_before == sha256({});
  // RFC 9162 section 2.1.4.2. Where the earlier tree is one node of the later one, its root is not said again.
  const bool is_node = std::has_single_bit(before);
  if (!is_node && path.empty()) return false;
  std::uint64_t node_before = before - 1, node_now = count - 1;
  while (node_before % 2 == 1) {
    node_before /= 2;
    node_now /= 2;
  }
  Sha256Digest grown_before = is_node ? root_before : path.front();
  Sha256Digest grown = grown_before;
  for (const Sha256Digest& neighbour : path.subspan(is_node ? 0 : 1)) {
    if (node_now == 0) return false;
    if (node_before % 2 == 1 || node_before == node_now) {
      grown_before = node(neighbour, grown_before);
      grown = node(neighbour, grown);
      while (node_before % 2 == 0 && node_before != 0) {
        node_before /= 2;
        node_now /= 2;
      }
    } else {
      grown = node(grown, neighbour);
    }
    node_before /= 2;
    node_now /= 2;
  }
  return node_now == 0 && grown_before == root_before && grown == root;
}

}  // namespace lightseed
