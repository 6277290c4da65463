// SPDX-License-Identifier: Apache-2.0
#include "provision/key_package.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/der.h"
#include "crypto/digest.h"

namespace lightseed {
namespace {

/// Encoded once: a batch has millions of attributes.
struct ObjectIdentifier {
  explicit ObjectIdentifier(const char* dotted) : text(dotted), der(der_object_identifier(dotted)) {}
  const char* text;
  Der der;
};

// RFC 6031 section 3.2 (id-pskc) and, under a UUID of our own (ITU-T X.667), what it has no word for.
#define LIGHTSEED_ARC "2.25.34249391453672534352087824339583471486"
struct Oids {
  ObjectIdentifier serial_number{"1.2.840.113549.1.9.16.12.2"};
  ObjectIdentifier key_id{"1.2.840.113549.1.9.16.12.9"};
  ObjectIdentifier transactions{"1.2.840.113549.1.9.16.12.23"};
  ObjectIdentifier batch{LIGHTSEED_ARC ".1"};
  ObjectIdentifier key_bytes{LIGHTSEED_ARC ".2"};
  ObjectIdentifier salt{LIGHTSEED_ARC ".3"};
  ObjectIdentifier imsi{LIGHTSEED_ARC ".4"};
};
#undef LIGHTSEED_ARC

const Oids& oids() {
  static const Oids all;
  return all;
}

constexpr std::string_view what = "the key package";

Der attribute(const ObjectIdentifier& oid, const Der& value) {
  return der_element(true, V_ASN1_SEQUENCE, oid.der + der_element(true, V_ASN1_SET, value));
}

std::size_t element_size(std::size_t content) noexcept {
  return der_header_size(content) + content;
}

std::size_t attribute_size(const ObjectIdentifier& oid, std::size_t value) noexcept {
  return element_size(oid.der.size() + element_size(element_size(value)));
}

void append_attribute(Der& out, const ObjectIdentifier& oid, int tag, std::string_view value) {
  const std::size_t set = element_size(value.size());
  append_der_header(out, true, oid.der.size() + element_size(set), V_ASN1_SEQUENCE);
  out += oid.der;
  append_der_header(out, true, set, V_ASN1_SET);
  append_der_header(out, false, value.size(), tag);
  out += value;
}

/// Without their own header. `transactions` is the attribute that all blocks share.
std::size_t block_attributes_size(const BlockHeader& block, const Der& transactions) noexcept {
  return attribute_size(oids().key_id, 2 * block.id.size()) + attribute_size(oids().serial_number, block.iccid.size()) +
         transactions.size() + attribute_size(oids().imsi, block.imsi.size()) +
         attribute_size(oids().salt, block.salt.size());
}

void append_block_attributes(Der& out, const BlockHeader& block, const Der& transactions) {
  append_der_header(out, true, block_attributes_size(block, transactions), V_ASN1_SEQUENCE);
  append_attribute(out, oids().key_id, V_ASN1_UTF8STRING, hex(block.id));
  append_attribute(out, oids().serial_number, V_ASN1_UTF8STRING, block.iccid);
  out += transactions;
  append_attribute(out, oids().imsi, V_ASN1_UTF8STRING, block.imsi);
  append_attribute(out, oids().salt, V_ASN1_OCTET_STRING, text_of(block.salt));
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
      if (!one.next_is(V_ASN1_OBJECT, false)) malformed("an attribute without an identifier");
      const auto oid = text_of(one.take_any());
      const auto values = one.take(V_ASN1_SET, true);
      if (!one.done()) malformed("an attribute has more than an identifier and values");
      entries_.push_back({oid, values});
    }
  }

  std::span<const std::byte> take(const ObjectIdentifier& oid, int tag) {
    DerReader values(take_values(oid), what);
    const auto value = values.take(tag, false);
    if (!values.done()) malformed(fmt::format("attribute {} has several values", oid.text));
    return value;
  }

  std::uint64_t take_count(const ObjectIdentifier& oid) {
    DerReader values(take_values(oid), what);
    const std::uint64_t value = values.take_count();
    if (!values.done()) malformed(fmt::format("attribute {} has several values", oid.text));
    return value;
  }

  void require_all_taken() const {
    if (!entries_.empty()) malformed("an unknown or repeated attribute");
  }

 private:
  struct Entry {
    std::string_view oid;  ///< encoded
    std::span<const std::byte> values;
  };
  std::vector<Entry> entries_;

  std::span<const std::byte> take_values(const ObjectIdentifier& oid) {
    const auto it = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.oid == oid.der; });
    if (it == entries_.end()) malformed(fmt::format("attribute {} is missing", oid.text));
    const auto values = it->values;
    entries_.erase(it);
    return values;
  }
};

std::array<std::byte, 16> id_from_hex(std::string_view text) {
  std::array<std::byte, 16> id;
  // One spelling: an id must not be another text for the same bytes.
  if (!from_hex(text, id) || hex(id) != text) malformed("a block id is not 32 lower-case hexadecimal digits");
  return id;
}

}  // namespace

KeyPackage::KeyPackage(const std::string& batch, std::span<const BlockHeader> blocks, std::uint64_t keys_per_block,
                       std::size_t key_bytes, SecretBytes memory)
    : memory_(std::move(memory)), block_bytes_(keys_per_block * key_bytes) {
  if (blocks.empty() || block_bytes_ == 0) throw Error(Category::usage, "a key package needs blocks and keys");
  const Der package_attributes = attribute(oids().batch, der_element(false, V_ASN1_UTF8STRING, batch)) +
                                 attribute(oids().key_bytes, der_integer(key_bytes));

  const Der transactions = attribute(oids().transactions, der_integer(keys_per_block));
  // First the sizes from the inside out, then the bytes from the outside in: a batch has millions of blocks, and none
  // of them needs memory of its own.
  const std::size_t octets = element_size(block_bytes_);
  const auto content_of = [&](const BlockHeader& block) {
    return element_size(block_attributes_size(block, transactions)) + octets;
  };
  std::size_t keys_content = 0;
  for (const BlockHeader& block : blocks)
    keys_content += element_size(content_of(block));
  Der head;
  append_der_header(head, true, element_size(package_attributes.size()) + element_size(keys_content), V_ASN1_SEQUENCE);
  append_der_header(head, true, package_attributes.size(), 0, V_ASN1_CONTEXT_SPECIFIC);
  head += package_attributes;
  append_der_header(head, true, keys_content, V_ASN1_SEQUENCE);

  size_ = head.size() + keys_content;
  if (memory_.size() < size_) memory_ = SecretBytes(size_);
  std::byte* out = memory_.data();
  const auto put = [&out](const Der& bytes) {
    std::memcpy(out, bytes.data(), bytes.size());
    out += bytes.size();
  };
  put(head);
  key_offsets_.reserve(blocks.size());
  Der start;  // of a block, up to its keys
  start.reserve(1024);
  for (const BlockHeader& block : blocks) {
    start.clear();
    append_der_header(start, true, content_of(block), V_ASN1_SEQUENCE);
    append_block_attributes(start, block, transactions);
    append_der_header(start, false, block_bytes_, V_ASN1_OCTET_STRING);
    put(start);
    key_offsets_.push_back(static_cast<std::size_t>(out - memory_.data()));
    out += block_bytes_;
  }
  start.resize(start.capacity());
  explicit_bzero(start.data(), start.size());  // it held salts
}

std::span<std::byte> KeyPackage::keys(std::size_t block) noexcept {
  return memory_.bytes().subspan(key_offsets_[block], block_bytes_);
}

SecretBytes KeyPackage::take_memory() noexcept {
  // A key that is forgotten to be made shows as zeros, never as one of another file.
  memory_.wipe();
  return std::move(memory_);
}

ParsedKeyPackage parse_key_package(std::span<const std::byte> der) {
  DerReader outer(der, what);
  DerReader package(outer.take(V_ASN1_SEQUENCE, true), what);
  if (!outer.done()) malformed("bytes behind its end");
  ParsedKeyPackage result;
  Attributes attributes(package.take(0, true, V_ASN1_CONTEXT_SPECIFIC));
  result.batch = text_of(attributes.take(oids().batch, V_ASN1_UTF8STRING));
  result.key_bytes = attributes.take_count(oids().key_bytes);
  attributes.require_all_taken();
  DerReader keys(package.take(V_ASN1_SEQUENCE, true), what);
  if (!package.done()) malformed("bytes behind its keys");
  while (!keys.done()) {
    DerReader one(keys.take(V_ASN1_SEQUENCE, true), what);
    Attributes own(one.take(V_ASN1_SEQUENCE, true));
    PackagedBlock block;
    block.header.id = id_from_hex(text_of(own.take(oids().key_id, V_ASN1_UTF8STRING)));
    block.header.iccid = text_of(own.take(oids().serial_number, V_ASN1_UTF8STRING));
    block.header.imsi = text_of(own.take(oids().imsi, V_ASN1_UTF8STRING));
    block.key_count = own.take_count(oids().transactions);
    const auto salt = own.take(oids().salt, V_ASN1_OCTET_STRING);
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
