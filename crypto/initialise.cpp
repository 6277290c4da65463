// SPDX-License-Identifier: Apache-2.0
#include "crypto/initialise.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret_bytes.h"

namespace lightseed::crypto {
namespace {

constexpr std::size_t secure_heap_bytes = std::size_t{1} << 20;
constexpr std::size_t smallest_secure_piece = 32;

bool heap_locked = false;

void* allocate(std::size_t size, const char*, int) {
  return std::malloc(size);
}

void release(void* memory, const char*, int) {
  if (memory == nullptr) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

/// realloc() would leave the old place as it was.
void* resize(void* memory, std::size_t size, const char* file, int line) {
  if (memory == nullptr) return std::malloc(size);
  if (size == 0) {
    release(memory, file, line);
    return nullptr;
  }
  const std::size_t held = malloc_usable_size(memory);
  if (size <= held && size > held / 2) return memory;
  void* const moved = std::malloc(size);
  if (moved == nullptr) return nullptr;
  memcpy(moved, memory, std::min(size, held));
  release(memory, file, line);
  return moved;
}

void forget_openssl_variables() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("OPENSSL_")) names.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : names)
    unsetenv(name.c_str());
}

}  // namespace

void initialise() {
  CRYPTO_set_mem_functions(allocate, resize, release);
  forget_openssl_variables();
  raise_memory_lock_limit();
  // 1: all well; 2: there, but not locked.
  heap_locked = CRYPTO_secure_malloc_init(secure_heap_bytes, smallest_secure_piece) == 1;
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

bool secure_heap_is_locked() noexcept {
  return heap_locked;
}

}  // namespace lightseed::crypto
