// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/digest.h"

namespace lightseed {

/// Merkle tree over the key blocks of a batch, hashed as RFC 6962 section 2.1 does: leaves and nodes have different
/// prefixes, and n leaves split at the largest power of two below n.

/// Leaf of one block: SHA-256(0x00 || salt || block id || ICCID || keys).
/// `salt` and `block_id` are 16 bytes each; the ICCID, 18 to 20 characters, is filled with 'F' up to 20,
/// so that every field but the last has a fixed width. It does not end in F itself: no two ICCIDs look the same filled.
/// The salt keeps a leaf from confirming a guessed key. Throws Error(usage) for others.
Sha256Digest merkle_leaf(std::span<const std::byte> salt, std::span<const std::byte> block_id, std::string_view iccid,
                         std::span<const std::byte> keys);

/// Leaf of an entry that is public, as RFC 6962 has it: SHA-256(0x00 || entry).
Sha256Digest merkle_leaf(std::span<const std::byte> entry);

/// Root over leaves in their order; SHA-256 of nothing for no leaves.
Sha256Digest merkle_root(std::span<const Sha256Digest> leaves);

/// The hashes that lead from a leaf to the root, from below (RFC 6962 section 2.1.1): at most 64. Throws Error(usage)
/// for a leaf that there is not.
std::vector<Sha256Digest> merkle_path(std::span<const Sha256Digest> leaves, std::size_t index);

/// The root that a leaf has by its path, as leaf `index` of `count`; nothing when the path has not the length that such
/// a leaf's has, or there is no such leaf.
std::optional<Sha256Digest> merkle_root_by_path(const Sha256Digest& leaf, std::uint64_t index, std::uint64_t count,
                                                std::span<const Sha256Digest> path);

/// The hashes that show that a tree over the first `before` leaves grew into the tree over all of them (RFC 6962
/// section 2.1.2): at most 65. None where nothing was added, or nothing was there. Throws Error(usage) for more leaves
/// than there are.
std::vector<Sha256Digest> merkle_consistency(std::span<const Sha256Digest> leaves, std::size_t before);

/// These hashes show that the tree of `before` leaves with the root `root_before` grew into that of `count` leaves with
/// the root `root`: nothing in it was changed, left out or put in between.
bool merkle_grew(std::uint64_t before, const Sha256Digest& root_before, std::uint64_t count, const Sha256Digest& root,
                 std::span<const Sha256Digest> path);

}  // namespace lightseed
