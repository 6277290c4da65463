// SPDX-License-Identifier: Apache-2.0
#include "provision/order/encoding.h"

#include <fmt/format.h>
#include <iconv.h>

#include <array>
#include <cstdint>

#include "core/error.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

struct OtherKind {
  std::string_view beginning;
  std::string_view what;
};

constexpr std::string_view as_csv = "export the sheet as CSV (UTF-8)";
constexpr std::array<OtherKind, 9> other_kinds{{
    {"PK\x03\x04", "an Excel or OpenDocument workbook, or a zip archive"},
    {"\xd0\xcf\x11\xe0", "an old Excel workbook"},
    {"%PDF", "a PDF"},
    {"\x1f\x8b", "compressed by gzip"},
    {"{\\rtf", "rich text"},
    {"<html", "a page of HTML"},
    {"<!DOCTYPE", "a page of HTML"},
    {"<?xml", "XML"},
    {"-----BEGIN", "a certificate, a key or an encrypted message"},
}};

}  // namespace

std::string_view name_of(Encoding encoding) noexcept {
  switch (encoding) {
    case Encoding::ascii: return "ASCII";
    case Encoding::utf8: return "UTF-8";
    case Encoding::utf16_le: return "UTF-16LE";
    case Encoding::utf16_be: return "UTF-16BE";
    case Encoding::gbk: return "GBK";
  }
  return "unknown";
}

Beginning recognise_beginning(std::string_view bytes) {
  for (const OtherKind& kind : other_kinds) {
    if (bytes.starts_with(kind.beginning)) {
      throw Error(Category::usage, fmt::format("the order is {}, not text; {}", kind.what, as_csv));
    }
  }
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv)) {
    throw Error(Category::usage, "the order is text in UTF-32; save it as UTF-8");
  }
  if (bytes.starts_with("\xef\xbb\xbf")) return {Encoding::utf8, 3};
  if (bytes.starts_with("\xff\xfe")) return {Encoding::utf16_le, 2};
  if (bytes.starts_with("\xfe\xff")) return {Encoding::utf16_be, 2};
  if (bytes.size() >= 4) {
    if (bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0) return {Encoding::utf16_le, 0};
    if (bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0) return {Encoding::utf16_be, 0};
  }
  return {Encoding::ascii, 0};
}

void Utf16Decoder::append_to(std::string& text, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!odd_) {
      odd_ = byte;
      continue;
    }
    const auto unit = static_cast<char32_t>(big_endian_ ? *odd_ << 8 | byte : byte << 8 | *odd_);
    odd_.reset();
    take(text, unit);
  }
}

void Utf16Decoder::take(std::string& text, char32_t unit) {
  constexpr char32_t replacement = 0xfffd;
  const bool first_half = unit >= 0xd800 && unit < 0xdc00;
  const bool second_half = unit >= 0xdc00 && unit < 0xe000;
  if (surrogate_) {
    const char32_t before = *surrogate_;
    surrogate_.reset();
    if (second_half) {
      append_utf8(text, 0x10000 + ((before - 0xd800) << 10) + (unit - 0xdc00));
      return;
    }
    append_utf8(text, replacement);
  }
  if (first_half) {
    surrogate_ = unit;
  } else {
    append_utf8(text, second_half ? replacement : unit);
  }
}

void Utf16Decoder::finish(std::string& text) {
  if (odd_ || surrogate_) append_utf8(text, 0xfffd);
  odd_.reset();
  surrogate_.reset();
}

GbkDecoder::GbkDecoder() : converter_(iconv_open("UTF-8", "GB18030")) {
  // iconv(3) says (iconv_t)-1 for an error; the cast is its own.
  if (reinterpret_cast<std::intptr_t>(converter_) == -1) converter_ = nullptr;
}

GbkDecoder::~GbkDecoder() {
  if (converter_ != nullptr) iconv_close(converter_);
}

std::optional<std::string> GbkDecoder::utf8(std::string_view bytes) {
  if (converter_ == nullptr) return std::nullopt;
  in_ = bytes;  // iconv takes a pointer to characters that it could write
  std::string out(2 * bytes.size() + 4, '\0');
  char* from = in_.data();
  char* to = out.data();
  std::size_t from_left = in_.size();
  std::size_t to_left = out.size();
  iconv(converter_, nullptr, nullptr, nullptr, nullptr);
  if (iconv(converter_, &from, &from_left, &to, &to_left) != 0 || from_left != 0) return std::nullopt;
  out.resize(out.size() - to_left);
  return out;
}

}  // namespace lightseed
