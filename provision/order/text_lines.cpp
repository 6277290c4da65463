// SPDX-License-Identifier: Apache-2.0
#include "provision/order/text_lines.h"

#include <algorithm>
#include <utility>

#include "provision/order/utf8.h"

namespace lightseed {
namespace {

/// Where the first CR or LF stands; npos without. Near the begin first: where all lines end with one of the two, the
/// other would be looked for through the whole text each time.
std::size_t line_end(std::string_view text) noexcept {
  for (std::size_t reach = 256;; reach *= 16) {
    const std::string_view near = text.substr(0, reach);
    const std::size_t newline = near.find('\n');
    const std::size_t end = std::min(near.substr(0, newline).find('\r'), newline);
    if (end != std::string_view::npos || near.size() == text.size()) return end;
  }
}

}  // namespace

TextLines::TextLines(const std::filesystem::path& path) : file_(path) {
  while (raw_.size() < 4 && file_.append_to(raw_)) {
  }
  const Beginning beginning = recognise_beginning(raw_);
  encoding_ = beginning.encoding;
  has_mark_ = beginning.mark_bytes > 0;
  raw_.erase(0, beginning.mark_bytes);
  if (encoding_ == Encoding::utf16_le || encoding_ == Encoding::utf16_be) {
    utf16_.emplace(encoding_ == Encoding::utf16_be);
    utf16_->append_to(text_, raw_);
  } else {
    text_ = std::move(raw_);
  }
  raw_.clear();
}

bool TextLines::refill() {
  if (ended_) return false;
  text_.erase(0, position_);
  position_ = 0;
  if (!utf16_) {
    ended_ = !file_.append_to(text_);
  } else {
    raw_.clear();
    ended_ = !file_.append_to(raw_);
    utf16_->append_to(text_, raw_);
    if (ended_) utf16_->finish(text_);
  }
  return true;
}

std::size_t TextLines::find_end() {
  for (;;) {
    const std::string_view rest = std::string_view(text_).substr(position_);
    const std::size_t end = line_end(rest);
    // A CR that is the last byte read so far may be half of a CR LF.
    if (end != std::string_view::npos && (rest[end] == '\n' || end + 1 < rest.size())) return end;
    if (end == std::string_view::npos && rest.size() > longest_line) return end;
    if (!refill()) return std::min(end, text_.size() - position_);
  }
}

void TextLines::skip_end() {
  if (position_ < text_.size() && text_[position_] == '\r') {
    ++position_;
    if (position_ == text_.size()) refill();
  } else if (position_ < text_.size()) {
    ++position_;
    return;
  }
  if (position_ < text_.size() && text_[position_] == '\n') ++position_;
}

void TextLines::drop_long_line(std::size_t end) {
  while (end == std::string_view::npos) {
    position_ = text_.size();
    if (!refill()) return;
    end = line_end(text_);
  }
  position_ += end;
  skip_end();
}

TextLines::Line TextLines::as_line(std::string_view text) {
  if (utf16_ || is_ascii(text)) return {number_, text};
  if (encoding_ != Encoding::gbk && is_utf8(text)) {
    encoding_ = Encoding::utf8;
    return {number_, text};
  }
  if (encoding_ == Encoding::utf8)
    return {number_, {}, "the line holds bytes that are no UTF-8; save the order as UTF-8"};
  if (auto converted = gbk_.utf8(text)) {
    encoding_ = Encoding::gbk;
    converted_ = std::move(*converted);
    return {number_, converted_};
  }
  return {number_, {}, "the line holds bytes that are neither UTF-8 nor GBK; save the order as UTF-8"};
}

std::optional<TextLines::Line> TextLines::next() {
  const std::size_t end = find_end();
  if (position_ == text_.size()) return std::nullopt;
  ++number_;
  if (end > longest_line) {
    drop_long_line(end);
    return Line{number_, {}, "the line is longer than 65536 bytes: is it an order?"};
  }
  const std::string_view text = std::string_view(text_).substr(position_, end);
  position_ += end;
  skip_end();
  return as_line(text);
}

}  // namespace lightseed
