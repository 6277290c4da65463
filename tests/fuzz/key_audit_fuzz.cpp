// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <span>

#include "core/byte_views.h"
#include "core/error.h"
#include "evidence/record_text.h"
#include "provision/key_audit_file.h"

/// A file beside a certificate: it is refused, or is to the letter what its record gives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const std::string_view text = text_of(std::as_bytes(std::span(data, size)));
  try {
    const KeyAuditRecord record = read_key_audit(text);
    if (text.size() > largest_key_audit || record_text(record) != text) __builtin_trap();
    if (difference_of(record, record)) __builtin_trap();
  } catch (const Error& e) {
    if (e.category() != Category::verdict) __builtin_trap();
  }
  return 0;
}
