// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/spectrum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <mutex>
#include <utility>
#include <vector>

#include "stats/sequence/batch_fft.h"

namespace lightseed::stats {
namespace {

/// Two factors of n, as near to its root as its prime factors allow; the first the smaller.
std::size_t small_factor(std::size_t n) {
  std::size_t best = 1;
  for (std::size_t f = 1; f * f <= n; ++f) {
    if (n % f == 0) best = f;
  }
  return best;
}

double sign_of(bool bit) {
  return bit ? 1.0 : -1.0;
}

/// Transform of any length by convolution (Bluestein, 1970), one at a time and not fast: for the lengths nobody tests
/// in bulk.
std::vector<std::complex<double>> transform(std::vector<std::complex<double>> x, bool inverse) {
  const std::size_t n = x.size();
  for (std::size_t i = 1, j = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; (j & bit) != 0; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j) std::swap(x[i], x[j]);
  }
  for (std::size_t length = 2; length <= n; length *= 2) {
    std::vector<std::complex<double>> roots(length / 2);
    for (std::size_t k = 0; k < roots.size(); ++k) {
      const Complex root = root_of_unity(k, length);
      roots[k] = {root.re, inverse ? -root.im : root.im};
    }
    for (std::size_t first = 0; first < n; first += length) {
      for (std::size_t k = 0; k < length / 2; ++k) {
        const auto a = x[first + k];
        const auto b = x[first + k + length / 2] * roots[k];
        x[first + k] = a + b;
        x[first + k + length / 2] = a - b;
      }
    }
  }
  return x;
}

std::uint64_t below_by_convolution(const BitString& bits, double threshold) {
  const std::size_t n = bits.size();
  std::size_t room = 1;
  while (room < 2 * n)
    room *= 2;
  std::vector<std::complex<double>> chirp(n);
  for (std::size_t k = 0; k < n; ++k) {
    const Complex root = root_of_unity(k * k % (2 * n), 2 * n);  // k < 2^32
    chirp[k] = {root.re, root.im};
  }
  std::vector<std::complex<double>> a(room);
  std::vector<std::complex<double>> b(room);
  for (std::size_t k = 0; k < n; ++k) {
    a[k] = sign_of(bits[k]) * chirp[k];
    b[k] = std::conj(chirp[k]);
    if (k > 0) b[room - k] = b[k];
  }
  a = transform(std::move(a), false);
  b = transform(std::move(b), false);
  for (std::size_t k = 0; k < room; ++k)
    a[k] *= b[k];
  a = transform(std::move(a), true);
  std::uint64_t count = 0;
  const double scale = 1 / static_cast<double>(room);
  for (std::size_t k = 0; k < n / 2; ++k)
    count += std::norm(a[k] * scale) < threshold ? 1 : 0;
  return count;
}

}  // namespace

/// What one transform works in. Fresh pages for each would take as long as half of the transform.
struct SpectrumRoom {
  std::vector<Complexes> tiles;
  std::vector<Complexes> data;
  std::vector<Complexes> other;
  std::vector<Complexes> of_partners;
};

/// Bits 2j and 2j + 1 are one complex number; the transform Z of those n/2 gives that of the n bits. Element j stands
/// in row j / columns of a matrix: first the columns are transformed, then, turned by roots of unity, the rows. Row r
/// then holds Z[r + rows c] in its column c.
///
/// What takes the time is memory, so nothing of Z is written down: X[j] wants Z[j] and Z[half - j], which stand in the
/// rows r and rows - r, and these are transformed side by side and counted at once. Eight rows r are a tile, their
/// partners another one in the same order; rows that are their own partners, 0 and half of an even number, are tiles of
/// their own. The roots of unity are products of two from tables that stay in the cache.
struct SpectrumTables {
  static constexpr std::size_t stride = 32;  ///< turns of row a * stride + b: coarse[a] * fine[b]

  std::size_t n;
  bool smooth;
  std::size_t half;
  std::size_t rows;
  std::size_t columns;
  BatchFft along_columns;
  BatchFft along_rows;
  std::size_t pairs;                 ///< rows with a partner that is not themselves
  std::size_t tiles;                 ///< of them, and as many of their partners; then those of single rows
  std::vector<Complexes> fine{};     ///< [column / 8 * stride + b], a lane a column
  std::vector<Complexes> coarse{};   ///< likewise, for a
  std::vector<Complex> of_column{};  ///< [c]: root of order n to rows c
  std::vector<Complex> of_row{};     ///< [r]: root of order n to r

  explicit SpectrumTables(std::size_t length)
      : n(length),
        smooth(length % 2 == 0 && is_smooth(length / 2)),
        half(smooth ? length / 2 : 1),
        rows(small_factor(half)),
        columns(half / rows),
        along_columns(rows),
        along_rows(columns),
        pairs((rows - 1) / 2),
        tiles((pairs + fft_lanes - 1) / fft_lanes) {
    if (!smooth) return;
    const std::size_t groups = (columns + fft_lanes - 1) / fft_lanes;
    fine = turns_of(groups, stride, 1);
    coarse = turns_of(groups, rows / stride + 1, stride);
    for (std::size_t c = 0; c < columns; ++c)
      of_column.push_back(root_of_unity(rows * c, n));
    for (std::size_t r = 0; r < rows; ++r)
      of_row.push_back(root_of_unity(r, n));
  }

  /// Tiles of pairs, and one for each row that is its own partner: 0, and half of an even number.
  [[nodiscard]] std::size_t all_tiles() const noexcept { return 2 * tiles + 2; }

  /// Where a row's values go: which tile, and which lane of it.
  struct Place {
    std::size_t tile;
    std::size_t lane;
  };
  [[nodiscard]] Place place_of(std::size_t row) const noexcept {
    if (row == 0) return {2 * tiles, 0};
    if (2 * row == rows) return {2 * tiles + 1, 0};
    const bool first = row <= pairs;
    const std::size_t pair = (first ? row : rows - row) - 1;
    return {2 * (pair / fft_lanes) + (first ? 0U : 1U), pair % fft_lanes};
  }

  /// Room that no other thread is using.
  std::unique_ptr<SpectrumRoom> take_room() const {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        std::unique_ptr<SpectrumRoom> room = std::move(idle.back());
        idle.pop_back();
        return room;
      }
    }
    const std::size_t longest = std::max(rows, columns);
    return std::make_unique<SpectrumRoom>(SpectrumRoom{.tiles = std::vector<Complexes>(all_tiles() * columns),
                                                       .data = std::vector<Complexes>(longest),
                                                       .other = std::vector<Complexes>(longest),
                                                       .of_partners = std::vector<Complexes>(columns)});
  }
  void give_back(std::unique_ptr<SpectrumRoom> room) const {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(room));
  }

 private:
  mutable std::mutex mutex{};
  mutable std::vector<std::unique_ptr<SpectrumRoom>> idle{};

  /// Roots of order half to step * k * column, `count` of them for each group of eight columns.
  [[nodiscard]] std::vector<Complexes> turns_of(std::size_t groups, std::size_t count, std::size_t step) const {
    std::vector<Complexes> turns(groups * count);
    for (std::size_t group = 0; group < groups; ++group) {
      for (std::size_t k = 0; k < count; ++k) {
        for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
          const Complex root = root_of_unity(step * k * (group * fft_lanes + lane), half);
          turns[group * count + k].re[lane] = root.re;
          turns[group * count + k].im[lane] = root.im;
        }
      }
    }
    return turns;
  }
};

namespace {

/// +1 for a one, -1 for a zero: the sign bit of a 1, so that lanes need no conversion from whole numbers.
LIGHTSEED_INLINE double sign_of_lowest(std::uint64_t bits) {
  return std::bit_cast<double>(std::uint64_t{0xbff0'0000'0000'0000} ^ bits << 63);
}

/// Eight columns from `column` on, bits as numbers. Behind the last column stand other bits; nobody looks at what
/// becomes of them.
LIGHTSEED_INLINE void load_columns(const SpectrumTables& t, const BitString& bits, std::size_t column, Complexes* out) {
  for (std::size_t row = 0; row < t.rows; ++row) {
    const std::uint64_t window = bits.window(2 * (row * t.columns + column));
    for (std::size_t lane = 0; lane < fft_lanes; ++lane)
      out[row].re[lane] = sign_of_lowest(window >> 2 * lane);
    for (std::size_t lane = 0; lane < fft_lanes; ++lane)
      out[row].im[lane] = sign_of_lowest(window >> (2 * lane + 1));
  }
}

/// The columns' transforms, turned, into tiles: [tile * columns + column] holds eight rows side by side, which is how
/// the rows' transforms want them.
LIGHTSEED_INLINE void transform_columns(const SpectrumTables& t, const BitString& bits, SpectrumRoom& room) {
  const std::size_t coarse_count = t.rows / SpectrumTables::stride + 1;
  for (std::size_t column = 0; column < t.columns; column += fft_lanes) {
    load_columns(t, bits, column, room.data.data());
    const Complexes* const result = fft::run(t.along_columns, room.data.data(), room.other.data());
    const std::size_t count = std::min(fft_lanes, t.columns - column);
    const std::size_t group = column / fft_lanes;
    const Complexes* const fine = t.fine.data() + group * SpectrumTables::stride;
    const Complexes* const coarse = t.coarse.data() + group * coarse_count;
    for (std::size_t row = 0; row < t.rows; ++row) {
      const Complexes& a = coarse[row / SpectrumTables::stride];
      const Complexes& b = fine[row % SpectrumTables::stride];
      Complexes turned;
      for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
        const Complex turn = fft::times({a.re[lane], a.im[lane]}, {b.re[lane], b.im[lane]});
        const Complex value = fft::times({result[row].re[lane], result[row].im[lane]}, turn);
        turned.re[lane] = value.re;
        turned.im[lane] = value.im;
      }
      const SpectrumTables::Place place = t.place_of(row);
      Complexes* const tile = room.tiles.data() + place.tile * t.columns + column;
      for (std::size_t lane = 0; lane < count; ++lane) {
        tile[lane].re[place.lane] = turned.re[lane];
        tile[lane].im[place.lane] = turned.im[lane];
      }
    }
  }
}

/// Squared magnitudes of X[j] and X[half - j] from z = Z[j], w = Z[half - j] and the root of order n to j:
/// X[j] = (z + w*) / 2 - i root (z - w*) / 2.
struct Magnitudes {
  double first;
  double second;
};
LIGHTSEED_INLINE Magnitudes magnitudes(const Complex& z, const Complex& w, const Complex& root) {
  const Complex even{(z.re + w.re) / 2, (z.im - w.im) / 2};
  const Complex odd{(z.im + w.im) / 2, (w.re - z.re) / 2};
  const Complex turned = fft::times(odd, root);
  const Complex x = fft::plus(even, turned);
  const Complex y = fft::minus(even, turned);
  return {x.re * x.re + x.im * x.im, y.re * y.re + y.im * y.im};
}

/// A tile of rows from 1 + 8 `tile` on and the one of their partners. Lanes behind the last pair are not counted.
LIGHTSEED_INLINE std::uint64_t count_pairs(const SpectrumTables& t, SpectrumRoom& room, std::size_t tile,
                                           double threshold) {
  Complexes* const from = room.tiles.data() + 2 * tile * t.columns;
  const Complexes* const z = fft::run(t.along_rows, from, room.other.data());
  const Complexes* const w = fft::run(t.along_rows, from + t.columns, room.of_partners.data());
  const std::size_t first = tile * fft_lanes + 1;
  Complexes of_row{};
  double counted[fft_lanes];
  double sums[fft_lanes]{};
  for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
    counted[lane] = first + lane <= t.pairs ? 1 : 0;
    const Complex root = t.of_row[std::min(first + lane, t.rows - 1)];
    of_row.re[lane] = root.re;
    of_row.im[lane] = root.im;
  }
  for (std::size_t c = 0; c < t.columns; ++c) {
    const Complexes& near = z[c];
    const Complexes& far = w[t.columns - 1 - c];
    const Complex of_column = t.of_column[c];
    for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
      const Complex root = fft::times({of_row.re[lane], of_row.im[lane]}, of_column);
      const Magnitudes both = magnitudes({near.re[lane], near.im[lane]}, {far.re[lane], far.im[lane]}, root);
      sums[lane] += (both.first < threshold ? 1.0 : 0.0) + (both.second < threshold ? 1.0 : 0.0);
    }
  }
  double count = 0;
  for (std::size_t lane = 0; lane < fft_lanes; ++lane)
    count += counted[lane] * sums[lane];
  return static_cast<std::uint64_t>(count);
}

/// A row that is its own partner: the partner of its column c is `last` - c, or of row 0 columns - c.
LIGHTSEED_INLINE std::uint64_t count_single(const SpectrumTables& t, SpectrumRoom& room, std::size_t row,
                                            double threshold) {
  Complexes* const from = room.tiles.data() + t.place_of(row).tile * t.columns;
  const Complexes* const z = fft::run(t.along_rows, from, room.other.data());
  const auto at = [&](std::size_t c) __attribute__((always_inline)) {
    return Complex{z[c].re[0], z[c].im[0]};
  };
  std::uint64_t count = 0;
  std::size_t first = 0;
  if (row == 0) {
    // Coefficient 0 is the sum of all bits; that of half of n is none of ours.
    const double sum = z[0].re[0] + z[0].im[0];
    count += sum * sum < threshold ? 1 : 0;
    first = 1;
  }
  const std::size_t last = row == 0 ? t.columns : t.columns - 1;
  for (std::size_t c = first; 2 * c <= last; ++c) {
    const std::size_t other = last - c;
    const Magnitudes both = magnitudes(at(c), at(other), fft::times(t.of_row[row], t.of_column[c]));
    count += both.first < threshold ? 1 : 0;
    if (other != c) count += both.second < threshold ? 1 : 0;
  }
  return count;
}

LIGHTSEED_WIDE std::uint64_t below_smooth(const SpectrumTables& t, const BitString& bits, double threshold,
                                          SpectrumRoom& room) {
  transform_columns(t, bits, room);
  std::uint64_t count = count_single(t, room, 0, threshold);
  if (t.rows % 2 == 0) count += count_single(t, room, t.rows / 2, threshold);
  for (std::size_t tile = 0; tile < t.tiles; ++tile)
    count += count_pairs(t, room, tile, threshold);
  return count;
}

}  // namespace

Spectrum::Spectrum(std::size_t n) : tables_(std::make_unique<SpectrumTables>(n)) {}
Spectrum::~Spectrum() = default;

std::uint64_t Spectrum::below(const BitString& bits, double threshold) const {
  if (!tables_->smooth) return below_by_convolution(bits, threshold);
  std::unique_ptr<SpectrumRoom> room = tables_->take_room();
  const std::uint64_t count = below_smooth(*tables_, bits, threshold, *room);
  tables_->give_back(std::move(room));
  return count;
}

}  // namespace lightseed::stats
