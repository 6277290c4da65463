// SPDX-License-Identifier: Apache-2.0
#include "provision/key_package.h"

#include <cstdint>
#include <span>

#include "core/error.h"

/// A key package that came out of an envelope: signed, but by whom? Sizes agree, and views stay inside.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    const ParsedKeyPackage package = parse_key_package(bytes);
    for (const PackagedBlock& block : package.blocks) {
      if (block.keys.size() != block.key_count * package.key_bytes) __builtin_trap();
      if (block.keys.data() < bytes.data() || block.keys.data() + block.keys.size() > bytes.data() + size) {
        __builtin_trap();
      }
    }
  } catch (const Error& e) {
    if (e.category() != Category::verdict) __builtin_trap();
  }
  return 0;
}
