// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "provision/order/encoding.h"
#include "provision/order/file_bytes.h"

namespace lightseed {

/// The lines of a text file in UTF-8, whatever its encoding and its line ends (LF, CR LF, CR) are, one after the other
/// and never the whole file in memory.
///
/// Most orders are ASCII, and what matters in them always is. So nothing is decided before it must be: the first line
/// with other bytes decides between UTF-8 and GBK (text of the one is hardly ever well-formed in the other), for
/// the whole file. Both keep line ends and separators as they are in ASCII, so that lines may be cut before.
class TextLines {
 public:
  struct Line {
    std::uint64_t number = 0;  ///< from 1
    std::string_view text;     ///< without its end; UTF-8 unless `fault`; until the next call
    std::string_view fault{};  ///< why it cannot be read: too long, or no text
  };

  /// Throws Error(io), or Error(usage) when the file is of another kind.
  explicit TextLines(const std::filesystem::path& path);

  /// The next line; nothing at the end of the file, also when the last line has no end. Throws Error(io).
  std::optional<Line> next();

  [[nodiscard]] Encoding encoding() const noexcept { return encoding_; }
  [[nodiscard]] bool has_mark() const noexcept { return has_mark_; }
  [[nodiscard]] const FileBytes& file() const noexcept { return file_; }

  static constexpr std::size_t longest_line = 65536;

 private:
  FileBytes file_;
  Encoding encoding_ = Encoding::ascii;
  bool has_mark_ = false;
  std::optional<Utf16Decoder> utf16_;
  std::string raw_;   ///< bytes for the UTF-16 decoder
  std::string text_;  ///< lines not handed out yet, from position_
  std::size_t position_ = 0;
  bool ended_ = false;
  std::uint64_t number_ = 0;
  GbkDecoder gbk_;
  std::string converted_;

  bool refill();
  std::size_t find_end();
  void skip_end();
  void drop_long_line(std::size_t end);
  Line as_line(std::string_view text);
};

}  // namespace lightseed
