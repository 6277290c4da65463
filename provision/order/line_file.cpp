// SPDX-License-Identifier: Apache-2.0
#include "provision/order/line_file.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <type_traits>

#include "core/error.h"

namespace lightseed {
namespace {

static_assert(std::is_trivially_copyable_v<OrderLine> && std::has_unique_object_representations_v<OrderLine>,
              "lines are written as they lie in memory");

/// Eight sums side by side, a word of every line each. Against accidents: whoever may write to the file may do more.
std::uint64_t digest_of(std::span<const OrderLine> lines) noexcept {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15;
  std::array<std::uint64_t, sizeof(OrderLine) / sizeof(std::uint64_t)> sums{};
  static_assert(sizeof(sums) == sizeof(OrderLine));
  for (const OrderLine& line : lines) {
    std::array<std::uint64_t, sums.size()> words;
    std::memcpy(words.data(), &line, sizeof(words));
    for (std::size_t i = 0; i < sums.size(); ++i)
      sums[i] = (sums[i] + words[i] + 1) * factor;
  }
  std::uint64_t digest = 0;
  for (const std::uint64_t sum : sums)
    digest = ((digest ^ sum) * factor) ^ (sum >> 32);
  return digest;
}

}  // namespace

LineFile::LineFile(std::size_t lines_a_piece) : lines_a_piece_(lines_a_piece) {}

void LineFile::append(std::span<const OrderLine> piece) {
  file_.append(std::as_bytes(piece));
  pieces_.push_back({piece.size(), digest_of(piece)});
}

void LineFile::read(std::size_t number, std::vector<OrderLine>& piece) const {
  const Written& written = pieces_.at(number);
  piece.resize(written.lines);
  file_.read(std::uint64_t{number} * lines_a_piece_ * sizeof(OrderLine), std::as_writable_bytes(std::span(piece)));
  if (digest_of(piece) != written.digest) {
    throw Error(Category::io, fmt::format("the temporary file in {} does not hold what was written to it: the disk "
                                          "lost something; the environment variable TMPDIR may name another place",
                                          file_.directory().string()));
  }
}

}  // namespace lightseed
