#include "crypto/der.h"

#include <fmt/format.h>
#include <openssl/asn1.h>
#include <openssl/objects.h>

#include <memory>

#include "core/error.h"

namespace lightseed {

std::size_t der_header_size(std::size_t content) {
  return static_cast<std::size_t>(ASN1_object_size(1, static_cast<int>(content), V_ASN1_SEQUENCE)) - content;
}

void append_der_header(Der& out, bool constructed, std::size_t content, int tag, int tag_class) {
  unsigned char header[16];
  unsigned char* end = header;
  ASN1_put_object(&end, constructed ? 1 : 0, static_cast<int>(content), tag, tag_class);
  out.append(static_cast<const char*>(static_cast<const void*>(header)), static_cast<std::size_t>(end - header));
}

Der der_element(bool constructed, int tag, std::string_view content) {
  Der out;
  append_der_header(out, constructed, content.size(), tag);
  return out.append(content);
}

Der der_object_identifier(const char* text) {
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> object(OBJ_txt2obj(text, 1), ASN1_OBJECT_free);
  if (object == nullptr) throw Error(Category::io, fmt::format("OpenSSL does not take the object identifier {}", text));
  const auto* const data = static_cast<const char*>(static_cast<const void*>(OBJ_get0_data(object.get())));
  return der_element(false, V_ASN1_OBJECT, {data, OBJ_length(object.get())});
}

DerReader::Header DerReader::header() const {
  const auto* const start = static_cast<const unsigned char*>(static_cast<const void*>(rest_.data()));
  const unsigned char* content = start;
  long length = 0;
  Header header;
  const int result = rest_.empty() ? 0x80
                                   : ASN1_get_object(&content, &length, &header.tag, &header.tag_class,
                                                     static_cast<long>(rest_.size()));
  header.size = static_cast<std::size_t>(content - start);
  header.content = static_cast<std::size_t>(length);
  header.constructed = (result & V_ASN1_CONSTRUCTED) != 0;
  // Bit 0x80: broken; 0x01: indefinite length, which DER forbids.
  if ((result & 0x81) != 0 || header.tag > 30 || header.size != der_header_size(header.content)) {
    throw Error(Category::verdict,
                fmt::format("{} is malformed: no element in DER {} bytes before its end", what_, rest_.size()));
  }
  return header;
}

std::span<const std::byte> DerReader::take(int tag, bool constructed, int tag_class) {
  const Header found = header();
  if (found.tag != tag || found.tag_class != tag_class || found.constructed != constructed) {
    throw Error(Category::verdict, fmt::format("{} is malformed: expected ASN.1 tag {} {} bytes before its end", what_,
                                               tag, rest_.size()));
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

}  // namespace lightseed
