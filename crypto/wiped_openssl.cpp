#include "crypto/wiped_openssl.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>

namespace lightseed::cli {
namespace {

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

}  // namespace

void wipe_openssl_memory() {
  CRYPTO_set_mem_functions(allocate, resize, release);
}

}  // namespace lightseed::cli
