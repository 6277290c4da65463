// SPDX-License-Identifier: Apache-2.0
#include "evidence/hex_member.h"

#include "core/hex.h"

namespace lightseed {
namespace {

/// As hex() writes it.
bool is_hex(std::string_view text, std::size_t bytes) {
  const auto value = from_hex(text);
  return value && !value->empty() && (bytes == 0 || value->size() == bytes) && hex(*value) == text;
}

}  // namespace

void require_hex(const ObjectReader& reader, std::string_view name, std::string_view text, std::size_t bytes) {
  if (!is_hex(text, bytes)) reader.fail(name, "it is no lower-case hexadecimal of the right length");
}

std::string take_hex(ObjectReader& reader, std::string_view name, std::size_t bytes) {
  std::string text = reader.text(name);
  require_hex(reader, name, text, bytes);
  return text;
}

std::string take_sha256(ObjectReader& reader, std::string_view name) {
  std::string text = reader.text(name);
  if (!is_hex(text, 32)) reader.fail(name, "it is no SHA-256 in 64 lower-case hexadecimal digits");
  return text;
}

}  // namespace lightseed
