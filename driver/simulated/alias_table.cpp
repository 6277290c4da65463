#include "driver/simulated/alias_table.h"

#include <cmath>
#include <cstddef>
#include <vector>

namespace lightseed::simulated {

AliasTable::AliasTable(const std::array<double, 256>& probabilities) {
  std::array<double, 256> mass;
  std::vector<unsigned> poor;
  std::vector<unsigned> rich;
  for (unsigned c = 0; c < 256; ++c) {
    mass[c] = probabilities[c] * 256;
    (mass[c] < 1 ? poor : rich).push_back(c);
  }
  // Every poor column is filled up by a rich one, which may become poor itself.
  while (!poor.empty() && !rich.empty()) {
    const unsigned p = poor.back();
    const unsigned r = rich.back();
    poor.pop_back();
    const auto threshold = static_cast<std::uint32_t>(std::lround(mass[p] * (1 << 24)));
    // A threshold of 2^24 does not fit: such a column is its own alias, as those left over below.
    columns_[p] = threshold >= (1U << 24) ? p : threshold << 8 | r;
    mass[r] -= 1 - mass[p];
    if (mass[r] < 1) {
      rich.pop_back();
      poor.push_back(r);
    }
  }
  for (const unsigned c : poor)
    columns_[c] = c;
  for (const unsigned c : rich)
    columns_[c] = c;
}

namespace {

// The best clone is chosen when the program is loaded, which is before the thread sanitizer can be called.
#ifdef __SANITIZE_THREAD__
#define LIGHTSEED_CLONES
#else
#define LIGHTSEED_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif

/// Compiled for several instruction sets. With AVX-512 the table is read sixteen columns at a time.
LIGHTSEED_CLONES void draw_codes(const std::uint32_t* __restrict columns, const std::uint32_t* __restrict uniform,
                                 std::uint8_t* __restrict codes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t word = uniform[i];
    const std::uint32_t column = columns[word & 0xff];
    codes[i] = static_cast<std::uint8_t>((word >> 8) < (column >> 8) ? word : column);
  }
}

}  // namespace

void AliasTable::draw(std::span<const std::uint32_t> uniform, std::span<std::uint8_t> codes) const noexcept {
  draw_codes(columns_.data(), uniform.data(), codes.data(), uniform.size());
}

}  // namespace lightseed::simulated
