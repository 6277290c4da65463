// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/alias_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/clones.h"
#include "core/error.h"

namespace lightseed::simulated {
namespace {

constexpr std::uint64_t one = 1ULL << 32;

/// The law in whole units of 2^-32: all rounded down, then the largest remainders up until the sum is one.
std::vector<std::uint64_t> in_units(const std::vector<double>& law) {
  std::vector<std::uint64_t> units(law.size());
  std::vector<double> remainders(law.size());
  std::uint64_t sum = 0;
  for (std::size_t c = 0; c < law.size(); ++c) {
    const double exact = std::clamp(law[c], 0.0, 1.0) * static_cast<double>(one);
    units[c] = static_cast<std::uint64_t>(exact);
    remainders[c] = exact - static_cast<double>(units[c]);
    sum += units[c];
  }
  if (sum > one || one - sum > law.size()) {
    throw Error(Category::internal, fmt::format("a photon model's law sums to 1 {:+g}",
                                                static_cast<double>(sum) / static_cast<double>(one) - 1));
  }
  std::vector<std::size_t> order(law.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; i < one - sum; ++i)
    ++units[order[i]];
  return units;
}

/// Every poor column is filled up by a rich one, which may become poor itself. In whole units nothing is lost.
void fill_columns(std::vector<std::uint64_t> mass, unsigned bits, std::span<std::uint32_t> columns) {
  const std::uint64_t full = one >> bits;
  std::vector<std::uint32_t> poor;
  std::vector<std::uint32_t> rich;
  for (std::uint32_t c = 0; c < mass.size(); ++c) {
    columns[c] = c;  // a full column: its own alias
    (mass[c] < full ? poor : rich).push_back(c);
  }
  while (!poor.empty() && !rich.empty()) {
    const std::uint32_t p = poor.back();
    const std::uint32_t r = rich.back();
    poor.pop_back();
    columns[p] = static_cast<std::uint32_t>(mass[p] << bits) | r;
    mass[r] -= full - mass[p];
    if (mass[r] < full) {
      rich.pop_back();
      poor.push_back(r);
    }
  }
}

/// Compiled for several instruction sets. With AVX-512 the table is read sixteen columns at a time.
LIGHTSEED_CLONES("avx512f", "avx2")
void draw_bytes(const std::uint32_t* __restrict columns, const std::uint32_t* __restrict uniform,
                std::uint8_t* __restrict codes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t word = uniform[i];
    const std::uint32_t column = columns[word & 0xff];
    codes[i] = static_cast<std::uint8_t>((word >> 8) < (column >> 8) ? word : column);
  }
}

template <typename Code>
LIGHTSEED_CLONES("avx512f", "avx2")
void draw_any(const std::uint32_t* __restrict columns, unsigned bits, const std::uint32_t* __restrict uniform,
              Code* __restrict codes, std::size_t count) {
  const std::uint32_t mask = (1U << bits) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t word = uniform[i];
    const std::uint32_t column = columns[word & mask];
    codes[i] = static_cast<Code>(((word >> bits) < (column >> bits) ? word : column) & mask);
  }
}

LIGHTSEED_CLONES("avx512f", "avx2")
void draw_rows(const std::uint32_t* __restrict columns, unsigned bits, const std::uint32_t* __restrict uniform,
               const std::uint8_t* __restrict rows, std::uint16_t* __restrict codes, std::size_t count) {
  const std::uint32_t mask = (1U << bits) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t word = uniform[i];
    const std::uint32_t column = columns[(static_cast<std::uint32_t>(rows[i]) << bits) | (word & mask)];
    codes[i] = static_cast<std::uint16_t>(((word >> bits) < (column >> bits) ? word : column) & mask);
  }
}

}  // namespace

AliasTable::AliasTable(std::span<const std::vector<double>> laws)
    : bits_(laws.empty() ? 0 : static_cast<unsigned>(std::bit_width(laws[0].size()) - 1)) {
  const std::size_t codes = std::size_t{1} << bits_;
  if (bits_ < 1 || bits_ > 16 || laws.size() > 256) throw Error(Category::internal, "an alias table of no use");
  columns_.resize(laws.size() * codes);
  for (std::size_t row = 0; row < laws.size(); ++row) {
    if (laws[row].size() != codes) throw Error(Category::internal, "laws of different lengths in one alias table");
    fill_columns(in_units(laws[row]), bits_, std::span(columns_).subspan(row * codes, codes));
  }
}

void AliasTable::draw(std::span<const std::uint32_t> uniform, std::span<std::uint8_t> codes) const noexcept {
  if (bits_ == 8) {
    draw_bytes(columns_.data(), uniform.data(), codes.data(), codes.size());
  } else {
    draw_any(columns_.data(), bits_, uniform.data(), codes.data(), codes.size());
  }
}

void AliasTable::draw(std::span<const std::uint32_t> uniform, std::span<std::uint16_t> codes) const noexcept {
  draw_any(columns_.data(), bits_, uniform.data(), codes.data(), codes.size());
}

void AliasTable::draw(std::span<const std::uint32_t> uniform, std::span<const std::uint8_t> rows,
                      std::span<std::uint16_t> codes) const noexcept {
  draw_rows(columns_.data(), bits_, uniform.data(), rows.data(), codes.data(), codes.size());
}

std::vector<std::uint64_t> AliasTable::exact_law(std::size_t row) const {
  const std::size_t codes = std::size_t{1} << bits_;
  const std::uint64_t full = one >> bits_;
  std::vector<std::uint64_t> law(codes);
  for (std::size_t c = 0; c < codes; ++c) {
    const std::uint32_t column = columns_[row * codes + c];
    const std::uint64_t own = column >> bits_;
    law[c] += own;
    law[column & (codes - 1)] += full - own;
  }
  return law;
}

}  // namespace lightseed::simulated
