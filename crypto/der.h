// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/asn1.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lightseed {

/// Bytes of a DER encoding (ITU-T X.690). Tag and class numbers are those of openssl/asn1.h (V_ASN1_…).
using Der = std::string;

/// Bytes of the header in front of `content` bytes. Tags below 31.
std::size_t der_header_size(std::size_t content) noexcept;

/// Appends a header for `content` bytes that will follow.
void append_der_header(Der& out, bool constructed, std::size_t content, int tag, int tag_class = 0);

/// A whole element.
Der der_element(bool constructed, int tag, std::string_view content, int tag_class = 0);

/// The whole encoding of an object identifier in dotted decimals. Throws Error(internal) when it is none.
Der der_object_identifier(const char* text);

/// An INTEGER from 0 on.
Der der_integer(std::uint64_t value);

/// A SET OF: DER wants its elements in ascending order (X.690 11.6).
Der der_set_of(std::span<const Der> elements, int tag = V_ASN1_SET, int tag_class = 0);

/// Walks DER elements strictly: every length is checked against what is left and must be in its shortest form.
class DerReader {
 public:
  /// `what` names the thing in errors: "the key package". It must outlive the reader.
  DerReader(std::span<const std::byte> der, std::string_view what) : rest_(der), what_(what) {}

  [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return rest_; }

  /// An element with this tag comes next.
  [[nodiscard]] bool next_is(int tag, bool constructed, int tag_class = 0) const;

  /// Content of the next element, which must have this tag. Throws Error(verdict).
  std::span<const std::byte> take(int tag, bool constructed, int tag_class = 0);

  /// take() of a constructed element, to be walked in turn.
  DerReader into(int tag, int tag_class = 0) { return {take(tag, true, tag_class), what_}; }
  DerReader into_sequence() { return into(V_ASN1_SEQUENCE); }

  /// The next element whole, header and all, whatever it is.
  std::span<const std::byte> take_any();

  /// An INTEGER from 0 to 2^64 - 1 in its shortest form.
  std::uint64_t take_count();

  /// An OBJECT IDENTIFIER that must be this one. `name` is said in the error.
  void take_object_identifier(const char* text, std::string_view name);

  /// Throws when something is left.
  void finish() const;

  /// Throws Error(verdict) "WHAT is malformed: why".
  [[noreturn]] void fail(std::string_view why) const;

 private:
  std::span<const std::byte> rest_;
  std::string_view what_;

  struct Header {
    std::size_t size = 0;
    std::size_t content = 0;
    int tag = 0;
    int tag_class = 0;
    bool constructed = false;
  };
  [[nodiscard]] Header header() const;
};

}  // namespace lightseed
