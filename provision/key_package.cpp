#include "provision/key_package.h"

#include <fmt/format.h>
#include <openssl/asn1.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/der.h"
#include "crypto/digest.h"

namespace lightseed {
namespace {

// RFC 6031 section 3.2 (id-pskc) and, under a UUID of our own (ITU-T X.667), what it has no word for.
#define LIGHTSEED_ARC "2.25.34249391453672534352087824339583471486"
constexpr const char* oid_serial_number = "1.2.840.113549.1.9.16.12.2";
constexpr const char* oid_key_id = "1.2.840.113549.1.9.16.12.9";
constexpr const char* oid_transactions = "1.2.840.113549.1.9.16.12.23";
constexpr const char* oid_batch = LIGHTSEED_ARC ".1";
constexpr const char* oid_key_bytes = LIGHTSEED_ARC ".2";
constexpr const char* oid_salt = LIGHTSEED_ARC ".3";
constexpr const char* oid_imsi = LIGHTSEED_ARC ".4";
#undef LIGHTSEED_ARC

constexpr std::string_view what = "the key package";

Der integer(std::uint64_t value) {
  // Two's complement: a leading zero byte where the top bit is set.
  Der content;
  do {
    content.insert(content.begin(), static_cast<char>(value & 0xff));
    value >>= 8;
  } while (value != 0);
  if ((static_cast<unsigned char>(content.front()) & 0x80U) != 0) content.insert(content.begin(), '\0');
  return der_element(false, V_ASN1_INTEGER, content);
}

Der attribute(const char* oid, const Der& value) {
  return der_element(true, V_ASN1_SEQUENCE, der_object_identifier(oid) + der_element(true, V_ASN1_SET, value));
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

Der block_attributes(const BlockHeader& block, std::uint64_t key_count) {
  return der_element(true, V_ASN1_SEQUENCE,
                     attribute(oid_key_id, der_element(false, V_ASN1_UTF8STRING, hex(block.id))) +
                         attribute(oid_serial_number, der_element(false, V_ASN1_UTF8STRING, block.iccid)) +
                         attribute(oid_transactions, integer(key_count)) +
                         attribute(oid_imsi, der_element(false, V_ASN1_UTF8STRING, block.imsi)) +
                         attribute(oid_salt, der_element(false, V_ASN1_OCTET_STRING, text_of(block.salt))));
}

[[noreturn]] void malformed(const std::string& why) {
  throw Error(Category::verdict, fmt::format("the key package is malformed: {}", why));
}

/// Attributes by their encoded object identifier; each may be taken once and all must be.
class Attributes {
 public:
  explicit Attributes(std::span<const std::byte> list) {
    for (DerReader reader(list, what); !reader.done();) {
      DerReader one(reader.take(V_ASN1_SEQUENCE, true), what);
      const auto oid = one.take(V_ASN1_OBJECT, false);
      const auto values = one.take(V_ASN1_SET, true);
      if (!one.done()) malformed("an attribute has more than an identifier and values");
      entries_.push_back({der_element(false, V_ASN1_OBJECT, text_of(oid)), values});
    }
  }

  std::span<const std::byte> take(const char* oid, int tag) {
    const Der wanted = der_object_identifier(oid);
    const auto it = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.oid == wanted; });
    if (it == entries_.end()) malformed(fmt::format("attribute {} is missing", oid));
    DerReader values(it->values, what);
    entries_.erase(it);
    const auto value = values.take(tag, false);
    if (!values.done()) malformed(fmt::format("attribute {} has several values", oid));
    return value;
  }

  std::uint64_t take_count(const char* oid) {
    const auto bytes = take(oid, V_ASN1_INTEGER);
    if (bytes.empty() || bytes.size() > 8 || std::to_integer<unsigned>(bytes[0]) >= 0x80) {
      malformed(fmt::format("attribute {} is no count", oid));
    }
    std::uint64_t value = 0;
    for (const std::byte b : bytes)
      value = value << 8 | std::to_integer<std::uint64_t>(b);
    return value;
  }

  void require_all_taken() const {
    if (!entries_.empty()) malformed("an unknown or repeated attribute");
  }

 private:
  struct Entry {
    Der oid;
    std::span<const std::byte> values;
  };
  std::vector<Entry> entries_;
};

std::array<std::byte, 16> id_from_hex(std::string_view text) {
  std::array<std::byte, 16> id;
  if (text.size() != 32) malformed("a block id is not 32 hexadecimal digits");
  for (std::size_t i = 0; i < id.size(); ++i) {
    unsigned value = 0;
    for (const char c : text.substr(2 * i, 2)) {
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) malformed("a block id is not 32 hexadecimal digits");
      value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    id[i] = static_cast<std::byte>(value);
  }
  return id;
}

}  // namespace

KeyPackage::KeyPackage(const std::string& batch, std::span<const BlockHeader> blocks, std::uint64_t keys_per_block,
                       std::size_t key_bytes)
    : block_bytes_(keys_per_block * key_bytes) {
  if (blocks.empty() || block_bytes_ == 0) throw Error(Category::usage, "a key package needs blocks and keys");
  const Der package_attributes =
      attribute(oid_batch, der_element(false, V_ASN1_UTF8STRING, batch)) + attribute(oid_key_bytes, integer(key_bytes));

  // First the sizes from the inside out, then the bytes from the outside in.
  std::vector<Der> attributes;
  std::size_t keys_content = 0;
  const std::size_t octets = der_header_size(block_bytes_) + block_bytes_;
  for (const BlockHeader& block : blocks) {
    attributes.push_back(block_attributes(block, keys_per_block));
    const std::size_t content = attributes.back().size() + octets;
    keys_content += der_header_size(content) + content;
  }
  Der head;
  const std::size_t content = der_header_size(package_attributes.size()) + package_attributes.size() +
                              der_header_size(keys_content) + keys_content;
  append_der_header(head, true, content, V_ASN1_SEQUENCE);
  append_der_header(head, true, package_attributes.size(), 0, V_ASN1_CONTEXT_SPECIFIC);
  head += package_attributes;
  append_der_header(head, true, keys_content, V_ASN1_SEQUENCE);

  der_ = SecretBytes(head.size() + keys_content);
  std::byte* out = der_.data();
  const auto put = [&out](const Der& bytes) {
    std::memcpy(out, bytes.data(), bytes.size());
    out += bytes.size();
  };
  put(head);
  for (Der& block : attributes) {
    Der header;
    append_der_header(header, true, block.size() + octets, V_ASN1_SEQUENCE);
    put(header);
    put(block);
    explicit_bzero(block.data(), block.size());  // it holds the salt
    header.clear();
    append_der_header(header, false, block_bytes_, V_ASN1_OCTET_STRING);
    put(header);
    key_offsets_.push_back(static_cast<std::size_t>(out - der_.data()));
    out += block_bytes_;
  }
}

std::span<std::byte> KeyPackage::keys(std::size_t block) noexcept {
  return der_.bytes().subspan(key_offsets_[block], block_bytes_);
}

ParsedKeyPackage parse_key_package(std::span<const std::byte> der) {
  DerReader outer(der, what);
  DerReader package(outer.take(V_ASN1_SEQUENCE, true), what);
  if (!outer.done()) malformed("bytes behind its end");
  ParsedKeyPackage result;
  Attributes attributes(package.take(0, true, V_ASN1_CONTEXT_SPECIFIC));
  result.batch = text_of(attributes.take(oid_batch, V_ASN1_UTF8STRING));
  result.key_bytes = attributes.take_count(oid_key_bytes);
  attributes.require_all_taken();
  DerReader keys(package.take(V_ASN1_SEQUENCE, true), what);
  if (!package.done()) malformed("bytes behind its keys");
  while (!keys.done()) {
    DerReader one(keys.take(V_ASN1_SEQUENCE, true), what);
    Attributes own(one.take(V_ASN1_SEQUENCE, true));
    PackagedBlock block;
    block.header.id = id_from_hex(text_of(own.take(oid_key_id, V_ASN1_UTF8STRING)));
    block.header.iccid = text_of(own.take(oid_serial_number, V_ASN1_UTF8STRING));
    block.header.imsi = text_of(own.take(oid_imsi, V_ASN1_UTF8STRING));
    block.key_count = own.take_count(oid_transactions);
    const auto salt = own.take(oid_salt, V_ASN1_OCTET_STRING);
    if (salt.size() != block.header.salt.size()) malformed("a salt is not 16 bytes");
    std::copy(salt.begin(), salt.end(), block.header.salt.begin());
    own.require_all_taken();
    block.keys = one.take(V_ASN1_OCTET_STRING, false);
    if (!one.done()) malformed("bytes behind a block's keys");
    if (result.key_bytes == 0 || block.keys.size() % result.key_bytes != 0 ||
        block.keys.size() / result.key_bytes != block.key_count) {
      malformed(fmt::format("block {} does not hold the {} keys it states", hex(block.header.id), block.key_count));
    }
    result.blocks.push_back(std::move(block));
  }
  return result;
}

}  // namespace lightseed
