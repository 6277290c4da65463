// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightseed {

/// Memory for keys, seeds and whatever would reveal them.
///
/// The bytes lie in pages of their own: locked where the system allows it (RLIMIT_MEMLOCK, whose soft limit is raised
/// to the hard one first; unlocked_bytes() tells what it did not allow), left out of core
/// dumps (MADV_DONTDUMP), not inherited by children (MADV_WIPEONFORK), and wiped before the pages go back.
/// Movable, not copyable: a secret has one home.
class SecretBytes {
 public:
  SecretBytes() noexcept = default;

  /// `size` zero bytes. Throws Error(io) when the system has no memory.
  explicit SecretBytes(std::size_t size);
  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::byte* data() noexcept { return data_; }
  [[nodiscard]] const std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return {data_, size_}; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  /// The same memory as 64-bit words; size() must be a multiple of 8. Pages are aligned, so this is free.
  [[nodiscard]] std::span<std::uint64_t> words() noexcept;
  [[nodiscard]] std::span<const std::uint64_t> words() const noexcept;

  /// The pages cannot be swapped out.
  [[nodiscard]] bool locked() const noexcept { return locked_; }

  /// Bytes of all secrets this process ever had in pages that could be swapped out, whole pages counted. 0: every
  /// secret was locked. Whoever makes keys for production looks at it and refuses.
  [[nodiscard]] static std::size_t unlocked_bytes() noexcept;

  /// Overwrites the bytes with zeros, in a way no optimiser removes.
  void wipe() noexcept;

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;
  bool locked_ = false;

  void release() noexcept;
};

/// Raises the soft limit of locked memory to the hard one; false when it is there already. SecretBytes does so when it
/// meets the limit.
bool raise_memory_lock_limit() noexcept;

/// Keeps this process's memory out of core dumps and away from debuggers of the same user
/// (PR_SET_DUMPABLE 0, RLIMIT_CORE 0). Call it first thing in main().
void forbid_core_dumps() noexcept;

}  // namespace lightseed
