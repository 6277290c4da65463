// SPDX-License-Identifier: Apache-2.0
#include "crypto/der.h"

#include <cstdint>
#include <span>

#include "core/byte_views.h"
#include "core/error.h"

namespace {

using namespace lightseed;

/// Walks everything that is constructed; elements never reach beyond what holds them, and encode to the same bytes.
void walk(DerReader reader, int depth) {
  while (!reader.done()) {
    const auto before = reader.rest();
    const auto whole = reader.take_any();
    if (whole.empty() || whole.data() != before.data() || whole.size() > before.size()) __builtin_trap();
    const auto first = std::to_integer<unsigned>(whole[0]);
    const bool constructed = (first & 0x20) != 0;
    DerReader again(whole, "again");
    const auto content = again.take(static_cast<int>(first & 0x1F), constructed, static_cast<int>(first & 0xC0));
    if (der_element(constructed, static_cast<int>(first & 0x1F), text_of(content), static_cast<int>(first & 0xC0)) !=
        text_of(whole)) {
      __builtin_trap();
    }
    if (first == 0x02) {
      try {
        if (der_integer(DerReader(whole, "count").take_count()) != text_of(whole)) __builtin_trap();
      } catch (const Error&) {
      }
    }
    if (constructed && depth < 30) walk(DerReader(content, "inside"), depth + 1);
  }
}

}  // namespace

/// DER is read strictly: one encoding for one element.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    walk(DerReader(std::as_bytes(std::span(data, size)), "it"), 0);
  } catch (const Error& e) {
    if (e.category() != Category::verdict) __builtin_trap();
  }
  return 0;
}
