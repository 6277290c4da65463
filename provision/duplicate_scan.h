#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace lightseed {

/// Looks for two equal keys among many. Random 128-bit keys never are: a pair means a source or a program that
/// repeats itself. Exact, one hash table look-up a key.
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
  std::vector<std::uint32_t> slots_;        ///< number of a key + 1; 0: free
  std::vector<const std::byte*> blocks_;    ///< where the keys of each add() lie
  std::vector<std::size_t> first_numbers_;  ///< number of the first key of each add()
  std::size_t count_ = 0;

  [[nodiscard]] const std::byte* key(std::size_t number) const noexcept;
};

}  // namespace lightseed
