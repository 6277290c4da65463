// SPDX-License-Identifier: Apache-2.0
#include "core/secret_bytes.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.h"

namespace lightseed {
namespace {

std::atomic<std::size_t> unlocked{0};

}  // namespace

bool raise_memory_lock_limit() noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return false;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_MEMLOCK, &limit) == 0;
}

std::size_t SecretBytes::unlocked_bytes() noexcept {
  return unlocked.load(std::memory_order_relaxed);
}

SecretBytes::SecretBytes(std::size_t size) : size_(size) {
  if (size == 0) return;
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  mapped_ = (size + page - 1) / page * page;
  void* pages = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw system_error("get memory for", "a secret", errno);
  data_ = static_cast<std::byte*>(pages);
  // Large secrets are walked at memory speed: fewer, larger pages. Where the system has none, nothing is lost.
  constexpr std::size_t large = std::size_t{4} << 20;
  if (mapped_ >= large) madvise(pages, mapped_, MADV_HUGEPAGE);
  // All three are best effort: an unprivileged user may lock only a few MiB. What stays unlocked is counted.
  locked_ = mlock(pages, mapped_) == 0 || (raise_memory_lock_limit() && mlock(pages, mapped_) == 0);
  if (!locked_) unlocked.fetch_add(mapped_, std::memory_order_relaxed);
  madvise(pages, mapped_, MADV_DONTDUMP);
  madvise(pages, mapped_, MADV_WIPEONFORK);
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      mapped_(std::exchange(other.mapped_, 0)),
      locked_(std::exchange(other.locked_, false)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    mapped_ = std::exchange(other.mapped_, 0);
    locked_ = std::exchange(other.locked_, false);
  }
  return *this;
}

SecretBytes::~SecretBytes() {
  release();
}

std::span<std::uint64_t> SecretBytes::words() noexcept {
  return {static_cast<std::uint64_t*>(static_cast<void*>(data_)), size_ / 8};
}

std::span<const std::uint64_t> SecretBytes::words() const noexcept {
  return {static_cast<const std::uint64_t*>(static_cast<const void*>(data_)), size_ / 8};
}

void SecretBytes::wipe() noexcept {
  if (data_ != nullptr) explicit_bzero(data_, size_);
}

void SecretBytes::release() noexcept {
  if (data_ == nullptr) return;
  wipe();
  munmap(data_, mapped_);  // unlocks as well
  data_ = nullptr;
}

void forbid_core_dumps() noexcept {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

}  // namespace lightseed
