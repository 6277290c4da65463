// SPDX-License-Identifier: Apache-2.0
#include "cli/bit_image.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/figure.h"
#include "core/hex.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t bit_row_bytes = 16;
constexpr std::size_t byte_row = 64;
constexpr std::size_t shades = 16;

std::string bits_figure(std::span<const std::byte> bytes, bool drawn) {
  constexpr std::size_t row_bits = 8 * bit_row_bytes;
  const std::size_t rows = bytes.size() / bit_row_bytes;
  const Figure figure{
      .id = "bits",
      .title = "Bits",
      .text = fmt::format("{} rows of {} bits; filled squares are ones. Random bits show no lines and no pattern.",
                          rows, row_bits),
      .kind = "squares",
      .data = {{"left", 0}, {"right", row_bits}, {"rows", rows}, {"hex", hex(bytes)}}};
  return figure_html(figure, "", drawn);
}

std::string bytes_figure(std::span<const std::byte> bytes, bool drawn) {
  const std::size_t rows = bytes.size() / byte_row;
  if (rows == 0) return "";
  const Figure figure{
      .id = "bytes",
      .title = "Bytes",
      .text = fmt::format("{} rows of {} bytes; the larger a byte, the stronger its square, in {} shades. Random "
                          "bytes show no lines and no pattern.",
                          rows, byte_row, shades),
      .kind = "squares",
      .data = {{"left", 0},
               {"right", byte_row},
               {"rows", rows},
               {"shades", shades},
               {"hex", hex(bytes.first(rows * byte_row))}}};
  return figure_html(figure, "", drawn);
}

}  // namespace

std::string bit_image(std::span<const std::byte> bytes, bool drawn) {
  const std::size_t rows = std::min(bytes.size(), bit_image_bytes) / bit_row_bytes;
  if (rows == 0) return "";
  const auto whole = bytes.first(rows * bit_row_bytes);
  std::string text = fmt::format(
      "<section><h2>The first {} bits</h2>\n<p>This report holds these bits of the data. Whoever must not know the "
      "data must not see it.</p>\n",
      whole.size() * 8);
  text += plots_html(bits_figure(whole, drawn) + bytes_figure(whole, drawn));
  text += "<details><summary>These bits in hexadecimal, a row a line</summary><pre>\n";
  for (std::size_t row = 0; row < rows; ++row)
    text += hex(whole.subspan(row * bit_row_bytes, bit_row_bytes)) + "\n";
  return text + "</pre></details></section>\n";
}

}  // namespace lightseed::cli
