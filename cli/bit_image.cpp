// SPDX-License-Identifier: Apache-2.0
#include "cli/bit_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/hex.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t row_bytes = 16;
constexpr std::size_t row_bits = 8 * row_bytes;
constexpr std::size_t byte_row = 32;
constexpr std::size_t shades = 16;

bool bit_at(std::span<const std::byte> bytes, std::size_t at) {
  return (bytes[at / 8] >> (7 - at % 8) & std::byte{1}) != std::byte{0};
}

/// Each run of ones in a row as one stroke, a unit high.
std::string runs_of_ones(std::span<const std::byte> bytes) {
  std::string path;
  for (std::size_t at = 0; at < 8 * bytes.size();) {
    std::size_t end = at;
    const std::size_t row_end = (at / row_bits + 1) * row_bits;
    while (end < row_end && bit_at(bytes, end))
      ++end;
    if (end > at) path += fmt::format("M{} {}h{}", at % row_bits, at / row_bits, end - at);
    at = std::max(end, at + 1);
  }
  return path;
}

std::string figure_of(const char* id, const char* title, const std::string& text, std::size_t wide, std::size_t tall,
                      const std::string& marks) {
  return fmt::format(
      "<figure id=\"{0}\"><figcaption>{1}</figcaption>\n<svg class=\"bits\" viewBox=\"0 0 {3} {4}\" role=\"img\" "
      "aria-labelledby=\"{0}-title {0}-text\"><title id=\"{0}-title\">{1}</title><desc id=\"{0}-text\">{2}</desc>\n"
      "{5}</svg>\n<p class=\"how\" aria-hidden=\"true\">{2}</p></figure>\n",
      id, title, text, wide, tall, marks);
}

std::string bits_figure(std::span<const std::byte> bytes) {
  const std::size_t rows = bytes.size() / row_bytes;
  return figure_of(
      "bits", "Bits",
      fmt::format("{} rows of {} bits; filled squares are ones. Random bits show no lines and no pattern.", rows,
                  row_bits),
      row_bits, rows,
      fmt::format("<path class=\"ones\" transform=\"translate(0 0.5)\" d=\"{}\"/>\n", runs_of_ones(bytes)));
}

std::string bytes_figure(std::span<const std::byte> bytes) {
  const std::size_t rows = bytes.size() / byte_row;
  if (rows == 0) return "";
  std::array<std::string, shades> paths;
  for (std::size_t at = 0; at < rows * byte_row; ++at) {
    paths.at(std::to_integer<std::size_t>(bytes[at] >> 4))
        .append(fmt::format("M{} {}h1", at % byte_row, at / byte_row));
  }
  std::string marks;
  for (std::size_t shade = 1; shade < shades; ++shade) {
    if (paths.at(shade).empty()) continue;
    marks += fmt::format("<path class=\"ones\" transform=\"translate(0 0.5)\" stroke-opacity=\"{:.3f}\" d=\"{}\"/>\n",
                         static_cast<double>(shade) / static_cast<double>(shades - 1), paths.at(shade));
  }
  return figure_of("bytes", "Bytes",
                   fmt::format("{} rows of {} bytes; the larger a byte, the stronger its square, in {} shades. Random "
                               "bytes show no lines and no pattern.",
                               rows, byte_row, shades),
                   byte_row, rows, marks);
}

}  // namespace

std::string bit_image(std::span<const std::byte> bytes) {
  const std::size_t rows = std::min(bytes.size(), bit_image_bytes) / row_bytes;
  if (rows == 0) return "";
  const auto whole = bytes.first(rows * row_bytes);
  std::string text = fmt::format(
      "<section><h2>The first {} bits</h2>\n<p>This report holds these bits of the data. Whoever must not know the "
      "data must not see it.</p>\n",
      whole.size() * 8);
  text += bits_figure(whole) + bytes_figure(whole);
  text += "<details><summary>These bits in hexadecimal, a row a line</summary><pre>\n";
  for (std::size_t row = 0; row < rows; ++row)
    text += hex(whole.subspan(row * row_bytes, row_bytes)) + "\n";
  return text + "</pre></details></section>\n";
}

}  // namespace lightseed::cli
