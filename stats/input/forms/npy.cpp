// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/byte_views.h"
#include "core/error.h"
#include "stats/input/forms/fixed_width.h"
#include "stats/input/forms/kinds.h"

/// NumPy's .npy (NEP 1): magic, version, the length of the header, and the header: the text of a Python dictionary with
/// 'descr' (the type), 'fortran_order' and 'shape'. Numbers follow, in the order of the file, whatever the shape.
namespace lightseed::stats::sample_forms {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

/// What follows `'key':` in the header, without leading blanks.
std::string_view member(std::string_view header, std::string_view key) {
  const std::size_t at = header.find(fmt::format("'{}':", key));
  if (at == std::string_view::npos) {
    throw Error(Category::malformed, fmt::format("a NumPy header without '{}'", key));
  }
  const std::string_view rest = header.substr(at + key.size() + 3);
  return rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
}

/// The product of a shape: "(1000, 8)", "(1000,)", "()" is one number.
std::uint64_t numbers_in(std::string_view shape) {
  const std::size_t close = shape.find(')');
  if (!shape.starts_with('(') || close == std::string_view::npos) {
    throw Error(Category::malformed, "a NumPy header whose 'shape' is no tuple");
  }
  std::uint64_t product = 1;
  for (std::string_view rest = shape.substr(1, close - 1); !rest.empty();) {
    std::uint64_t side = 0;
    rest.remove_prefix(std::min(rest.find_first_not_of(", "), rest.size()));
    if (rest.empty()) break;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), side);
    constexpr std::uint64_t most = std::uint64_t{1} << 48;
    if (error != std::errc{} || side > most || (side != 0 && product > most / side)) {
      throw Error(Category::malformed, "a NumPy header whose 'shape' no array can have");
    }
    product *= side;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  }
  return product;
}

/// "<i2", "|u1", ">u4", "|b1".
FixedWidth layout_of_type(std::string_view type) {
  if (!type.starts_with('\'') || type.find('\'', 1) == std::string_view::npos) {
    throw Error(Category::usage, "a NumPy array of records: save one field of it");
  }
  const std::string_view name = type.substr(1, type.find('\'', 1) - 1);
  const char kind = name.size() == 3 ? name[1] : '?';
  const auto bytes = name.size() == 3 ? static_cast<unsigned>(name[2] - '0') : 0;
  const bool is_size = bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
  if (name.size() == 3 && (kind == 'f' || kind == 'c')) {
    throw Error(Category::usage,
                fmt::format("a NumPy array of floating-point numbers ({}): samples of a converter are whole numbers; "
                            "save them before they are scaled, or with astype",
                            name));
  }
  if (!is_size || (kind != 'i' && kind != 'u' && kind != 'b')) {
    throw Error(Category::usage, fmt::format("a NumPy array of type {}, not of whole numbers", name));
  }
  return {.bytes = bytes, .with_sign = kind == 'i', .big_endian = name[0] == '>'};
}

}  // namespace

bool is_npy(Head head) {
  return text_of(head).starts_with(magic);
}

DecoderOwner npy(const InputOptions& options, Head head) {
  const std::string_view text = text_of(head);
  constexpr std::size_t at_length = 8;
  const bool is_old = text.size() > 6 && text[6] == 1;
  const std::size_t length_bytes = is_old ? 2 : 4;
  if (!is_npy(head) || text.size() < at_length + length_bytes) throw Error(Category::malformed, "no NumPy array");
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i-- > 0;)
    length = length << 8 | std::to_integer<std::size_t>(head[at_length + i]);
  const std::size_t begin = at_length + length_bytes;
  if (length > text.size() - begin) throw Error(Category::malformed, "a NumPy array whose header is cut off");
  const std::string_view header = text.substr(begin, length);
  FixedWidth layout = layout_of_type(member(header, "descr"));
  layout.header = begin + length;
  layout.numbers = numbers_in(member(header, "shape"));
  return fixed_width(options, head, layout);
}

}  // namespace lightseed::stats::sample_forms
