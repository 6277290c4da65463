#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lightseed {

/// Bytes of a DER encoding (ITU-T X.690). Tag and class numbers are those of openssl/asn1.h (V_ASN1_…).
using Der = std::string;

/// Bytes of the header in front of `content` bytes. Tags below 31.
std::size_t der_header_size(std::size_t content);

/// Appends a header for `content` bytes that will follow.
void append_der_header(Der& out, bool constructed, std::size_t content, int tag, int tag_class = 0);

/// A whole element.
Der der_element(bool constructed, int tag, std::string_view content);

/// The whole encoding of an object identifier in dotted decimals. Throws Error(io) when it is none.
Der der_object_identifier(const char* text);

/// Walks DER elements strictly: every length is checked against what is left and must be in its shortest form.
class DerReader {
 public:
  /// `what` names the thing in errors: "the key package".
  DerReader(std::span<const std::byte> der, std::string_view what) : rest_(der), what_(what) {}

  [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return rest_; }

  /// Content of the next element, which must have this tag. Throws Error(verdict).
  std::span<const std::byte> take(int tag, bool constructed, int tag_class = 0);

  /// The next element whole, header and all, whatever it is.
  std::span<const std::byte> take_any();

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
