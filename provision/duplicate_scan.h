// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/secret_bytes.h"

namespace lightseed {

/// Looks for two equal keys among many. Random 128-bit keys never are: a pair means a source or a program that
/// repeats itself. Exact: a table of 32-bit fingerprints finds suspects, at one access a key, and a suspect is
/// compared with every key before it.
class DuplicateScan {
 public:
  /// For up to `keys` keys of `key_bytes` >= 8 bytes.
  DuplicateScan(std::size_t keys, std::size_t key_bytes);

  /// Adds the keys of one block, which must stay where they are until clear().
  /// Returns the numbers of two equal keys, counted from the last clear(), or nothing.
  std::optional<std::pair<std::size_t, std::size_t>> add(std::span<const std::byte> keys);

  void clear();

 private:
  std::size_t key_bytes_;
  std::uint64_t mask_;
  SecretBytes table_;                               ///< the fingerprints' memory: they are bits of keys
  std::span<std::uint32_t> fingerprints_;           ///< 0: free
  std::vector<std::span<const std::byte>> blocks_;  ///< the keys of each add()
  std::size_t count_ = 0;                           ///< keys in all of them

  /// Number of the first key equal to `key` among all that were added, when it is not `key` itself.
  [[nodiscard]] std::optional<std::size_t> find_twin(const std::byte* key) const noexcept;
};

}  // namespace lightseed
