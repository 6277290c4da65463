// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string_view>

#include "core/error.h"
#include "driver/source_uri.h"

/// Any text is a source's name with every parameter within its range, or is refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  try {
    SourceUri uri = SourceUri::parse({static_cast<const char*>(static_cast<const void*>(data)), size});
    if (uri.scheme().empty() || uri.path().empty()) __builtin_trap();
    if (uri.take_count("n", 5, 1, 16) - 1 > 15) __builtin_trap();
    const double number = uri.take_number("x", 0.5, 0, 1);
    if (!(number >= 0 && number <= 1)) __builtin_trap();
    static_cast<void>(uri.take_text("t", ""));
    uri.reject_unknown();
  } catch (const Error&) {
  }
  return 0;
}
