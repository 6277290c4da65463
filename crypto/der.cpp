// SPDX-License-Identifier: Apache-2.0
#include "crypto/der.h"

#include <fmt/format.h>
#include <openssl/objects.h>

#include <algorithm>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

// An identifier octet: two bits of class, one of form, five of tag (X.690 8.1.2).
constexpr unsigned class_bits = 0xC0;
constexpr unsigned constructed_bit = 0x20;
constexpr unsigned tag_bits = 0x1F;

std::size_t length_bytes(std::size_t content) noexcept {
  std::size_t bytes = 0;
  for (; content > 0; content >>= 8)
    ++bytes;
  return bytes;
}

}  // namespace

std::size_t der_header_size(std::size_t content) noexcept {
  return content < 0x80 ? 2 : 2 + length_bytes(content);
}

void append_der_header(Der& out, bool constructed, std::size_t content, int tag, int tag_class) {
  out += static_cast<char>(static_cast<unsigned>(tag_class) | (constructed ? constructed_bit : 0) |
                           static_cast<unsigned>(tag));
  if (content < 0x80) {
    out += static_cast<char>(content);
    return;
  }
  const std::size_t bytes = length_bytes(content);
  out += static_cast<char>(0x80 | bytes);
  for (std::size_t i = bytes; i > 0; --i)
    out += static_cast<char>(content >> (8 * (i - 1)) & 0xFF);
}

Der der_element(bool constructed, int tag, std::string_view content, int tag_class) {
  Der out;
  append_der_header(out, constructed, content.size(), tag, tag_class);
  return out.append(content);
}

Der der_object_identifier(const char* text) {
  const openssl::Handle<ASN1_OBJECT> object(OBJ_txt2obj(text, 1));
  if (object == nullptr) throw Error(Category::internal, fmt::format("{} is no object identifier", text));
  const auto* const data = static_cast<const std::byte*>(static_cast<const void*>(OBJ_get0_data(object.get())));
  return der_element(false, V_ASN1_OBJECT, text_of({data, OBJ_length(object.get())}));
}

Der der_integer(std::uint64_t value) {
  // Two's complement: a leading zero byte where the top bit is set.
  Der content;
  do {
    content.insert(content.begin(), static_cast<char>(value & 0xff));
    value >>= 8;
  } while (value != 0);
  if ((static_cast<unsigned char>(content.front()) & 0x80U) != 0) content.insert(content.begin(), '\0');
  return der_element(false, V_ASN1_INTEGER, content);
}

Der der_set_of(std::span<const Der> elements, int tag, int tag_class) {
  std::vector<Der> sorted(elements.begin(), elements.end());
  std::sort(sorted.begin(), sorted.end());  // std::string compares bytes as unsigned ones
  Der content;
  for (const Der& element : sorted)
    content += element;
  return der_element(true, tag, content, tag_class);
}

void DerReader::fail(std::string_view why) const {
  throw Error(Category::verdict, fmt::format("{} is malformed: {}, {} bytes before its end", what_, why, rest_.size()));
}

DerReader::Header DerReader::header() const {
  const auto at = [this](std::size_t i) { return std::to_integer<unsigned>(rest_[i]); };
  if (rest_.size() < 2) fail("no element in DER");
  Header header;
  header.tag = static_cast<int>(at(0) & tag_bits);
  header.tag_class = static_cast<int>(at(0) & class_bits);
  header.constructed = (at(0) & constructed_bit) != 0;
  header.size = 2;
  header.content = at(1);
  if (header.content >= 0x80) {
    const std::size_t bytes = header.content & 0x7F;  // none: the indefinite length, which DER forbids
    if (bytes == 0 || bytes > sizeof(std::size_t) || rest_.size() < 2 + bytes) fail("no element in DER");
    header.size += bytes;
    header.content = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      header.content = header.content << 8 | at(2 + i);
  }
  if (header.tag == static_cast<int>(tag_bits) || header.size != der_header_size(header.content) ||
      header.content > rest_.size() - header.size) {
    fail("no element in DER");
  }
  return header;
}

bool DerReader::next_is(int tag, bool constructed, int tag_class) const {
  if (rest_.empty()) return false;
  const Header next = header();
  return next.tag == tag && next.tag_class == tag_class && next.constructed == constructed;
}

std::span<const std::byte> DerReader::take(int tag, bool constructed, int tag_class) {
  const Header found = header();
  if (found.tag != tag || found.tag_class != tag_class || found.constructed != constructed) {
    fail(fmt::format("expected ASN.1 tag {}", tag));
  }
  const auto content = rest_.subspan(found.size, found.content);
  rest_ = rest_.subspan(found.size + found.content);
  return content;
}

std::span<const std::byte> DerReader::take_any() {
  const Header found = header();
  const auto whole = rest_.first(found.size + found.content);
  rest_ = rest_.subspan(whole.size());
  return whole;
}

std::uint64_t DerReader::take_count() {
  const auto bytes = take(V_ASN1_INTEGER, false);
  const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
  const bool padded = bytes.size() > 1 && at(0) == 0;
  if (bytes.empty() || at(0) >= 0x80 || (padded && at(1) < 0x80) || bytes.size() - (padded ? 1 : 0) > 8) {
    fail("an INTEGER is no count");
  }
  std::uint64_t value = 0;
  for (const std::byte b : bytes)
    value = value << 8 | std::to_integer<std::uint64_t>(b);
  return value;
}

void DerReader::take_object_identifier(const char* text, std::string_view name) {
  if (!next_is(V_ASN1_OBJECT, false) || text_of(take_any()) != der_object_identifier(text)) {
    fail(fmt::format("expected the object identifier of {}", name));
  }
}

void DerReader::finish() const {
  if (!done()) fail("more than belongs there");
}

}  // namespace lightseed
