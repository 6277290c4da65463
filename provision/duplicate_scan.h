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
/// repeats itself. Exact.
///
/// One large table would be met at random, from memory that other threads want as well. So the first eight bytes of
/// each key are dealt into parts by their highest bits, and a part is looked through in a table that stays in the first
/// cache. Where two of them agree, or a part is larger than those of random keys are, the whole keys of that part are
/// sorted.
class DuplicateScan {
 public:
  using Blocks = std::span<const std::span<const std::byte>>;

  /// For keys of `key_bytes` >= 8 bytes.
  explicit DuplicateScan(std::size_t key_bytes) : key_bytes_(key_bytes) {}

  /// The numbers of two equal keys, the lower one first, counted over all blocks; or nothing.
  std::optional<std::pair<std::size_t, std::size_t>> find(Blocks blocks);

 private:
  std::size_t key_bytes_;
  unsigned part_bits_ = 0;
  SecretBytes prefixes_;                ///< of all keys, by part; wiped when they are looked through
  SecretBytes table_;                   ///< of one part: where in it a prefix stands
  std::vector<std::size_t> part_ends_;  ///< in prefixes_

  [[nodiscard]] std::size_t part_of(std::uint64_t prefix) const noexcept;
  void deal(Blocks blocks);
  bool agree(std::span<const std::uint64_t> part) noexcept;
  [[nodiscard]] bool any_part_agrees() noexcept;
  [[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> sort_all(Blocks blocks) const;
};

}  // namespace lightseed
