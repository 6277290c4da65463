// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lightseed {

/// How the characters of an order are written.
enum class Encoding { ascii, utf8, utf16_le, utf16_be, gbk };

/// "ASCII", "UTF-8", "UTF-16LE", "UTF-16BE", "GBK".
std::string_view name_of(Encoding encoding) noexcept;

/// What the first bytes of a file say.
struct Beginning {
  Encoding encoding;       ///< ascii: no byte has said more yet
  std::size_t mark_bytes;  ///< of the byte order mark, 0 without
};

/// Looks at the first bytes, at least four where the file has them. UTF-16 is known by its mark or by the zero bytes
/// beside the first two characters.
/// Throws Error(usage) for what is a file of another kind (a workbook, a page, an archive), naming it.
Beginning recognise_beginning(std::string_view bytes);

/// UTF-16 in pieces that may end anywhere. What is no character becomes U+FFFD.
class Utf16Decoder {
 public:
  explicit Utf16Decoder(bool big_endian) : big_endian_(big_endian) {}

  void append_to(std::string& text, std::string_view bytes);
  /// The file ended: half a character left over becomes U+FFFD.
  void finish(std::string& text);

 private:
  bool big_endian_;
  std::optional<unsigned char> odd_;   ///< first byte of a unit whose second has not come
  std::optional<char32_t> surrogate_;  ///< first half of a pair

  void take(std::string& text, char32_t unit);
};

/// From GBK, as GB18030, which contains it (GB 18030-2005).
class GbkDecoder {
 public:
  /// Where this system knows no such conversion, nothing is GBK.
  GbkDecoder();
  ~GbkDecoder();
  GbkDecoder(const GbkDecoder&) = delete;
  GbkDecoder& operator=(const GbkDecoder&) = delete;

  /// Nothing where `bytes` are not whole characters of GB18030.
  [[nodiscard]] std::optional<std::string> utf8(std::string_view bytes);

 private:
  void* converter_;  ///< an iconv_t; null without
  std::string in_;
};

}  // namespace lightseed
