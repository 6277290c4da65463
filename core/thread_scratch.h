// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/secret_bytes.h"

namespace lightseed {

/// `words` words of working memory that belong to this thread and to `Owner`: locked, kept from one call to the next,
/// wiped when the thread ends. What is in them is unspecified. Two calls with one Owner give the same memory, so an
/// Owner must not ask again while it uses what it has.
template <typename Owner>
std::span<std::uint64_t> thread_scratch(std::size_t words) {
  thread_local SecretBytes memory;
  if (memory.size() < words * sizeof(std::uint64_t)) memory = SecretBytes(words * sizeof(std::uint64_t));
  return memory.words().first(words);
}

}  // namespace lightseed
