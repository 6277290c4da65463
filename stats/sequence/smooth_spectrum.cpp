// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/smooth_spectrum.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>
#include <type_traits>
#include <utility>

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

}  // namespace

/// What one transform works in. Fresh pages for each would take as long as half of the transform.
template <typename Real>
struct SpectrumRoom {
  std::vector<Complexes<Real>> tiles;
  std::vector<Complexes<Real>> data;
  std::vector<Complexes<Real>> other;
  std::vector<Complexes<Real>> of_partners;
};

/// Bits 2j and 2j + 1 are one complex number; the transform Z of those n/2 gives that of the n bits. Element j stands
/// in row j / columns of a matrix: first the columns are transformed, then, turned by roots of unity, the rows. Row r
/// then holds Z[r + rows c] in its column c.
///
/// What takes the time is memory, so nothing of Z is written down: X[j] wants Z[j] and Z[half - j], which stand in the
/// rows r and rows - r, and these are transformed side by side and counted at once. Eight rows r are a tile, their
/// partners another one in the same order; rows that are their own partners, 0 and half of an even number, are tiles of
/// their own. The roots of unity are products of two from tables that stay in the cache.
template <typename Real>
struct SpectrumTables {
  static constexpr std::size_t stride = 32;  ///< turns of row a * stride + b: coarse[a] * fine[b]

  std::size_t n;
  std::size_t half;
  std::size_t rows;
  std::size_t columns;
  BatchFft<Real> along_columns;
  BatchFft<Real> along_rows;
  std::size_t pairs;                       ///< rows with a partner that is not themselves
  std::size_t tiles;                       ///< of them, and as many of their partners; then those of single rows
  std::vector<Complexes<Real>> fine{};     ///< [column / 8 * stride + b], a lane a column
  std::vector<Complexes<Real>> coarse{};   ///< likewise, for a
  std::vector<Complex<Real>> of_column{};  ///< [c]: root of order n to rows c
  std::vector<Complex<Real>> of_row{};     ///< [r]: root of order n to r

  explicit SpectrumTables(std::size_t length)
      : n(length),
        half(length / 2),
        rows(small_factor(half)),
        columns(half / rows),
        along_columns(rows),
        along_rows(columns),
        pairs((rows - 1) / 2),
        tiles((pairs + fft_lanes - 1) / fft_lanes) {
    const std::size_t groups = (columns + fft_lanes - 1) / fft_lanes;
    fine = turns_of(groups, stride, 1);
    coarse = turns_of(groups, rows / stride + 1, stride);
    for (std::size_t c = 0; c < columns; ++c)
      of_column.push_back(rounded<Real>(root_of_unity(rows * c, n)));
    for (std::size_t r = 0; r < rows; ++r)
      of_row.push_back(rounded<Real>(root_of_unity(r, n)));
  }

  /// Tiles of pairs, and one for each row that is its own partner: 0, and half of an even number.
  [[nodiscard]] std::size_t all_tiles() const noexcept { return 2 * tiles + 2; }

  /// The rows of a tile, one a lane, upwards or downwards.
  struct Rows {
    std::size_t first;
    std::size_t count;
    bool backwards;
  };
  [[nodiscard]] Rows rows_of(std::size_t tile) const noexcept {
    if (tile == of_row_0()) return {0, 1, false};
    if (tile == of_middle_row()) return {rows / 2, rows % 2 == 0 ? 1U : 0U, false};
    const std::size_t first = tile / 2 * fft_lanes + 1;
    const std::size_t count = std::min(fft_lanes, pairs + 1 - first);
    const bool partners = tile % 2 == 1;
    return {partners ? rows - first : first, count, partners};
  }
  [[nodiscard]] std::size_t of_row_0() const noexcept { return 2 * tiles; }
  [[nodiscard]] std::size_t of_middle_row() const noexcept { return 2 * tiles + 1; }

  /// Room that no other thread is using.
  std::unique_ptr<SpectrumRoom<Real>> take_room() const {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        std::unique_ptr<SpectrumRoom<Real>> room = std::move(idle.back());
        idle.pop_back();
        return room;
      }
    }
    const std::size_t longest = std::max(rows, columns);
    return std::make_unique<SpectrumRoom<Real>>(
        SpectrumRoom<Real>{.tiles = std::vector<Complexes<Real>>(all_tiles() * columns),
                           .data = std::vector<Complexes<Real>>(longest),
                           .other = std::vector<Complexes<Real>>(longest),
                           .of_partners = std::vector<Complexes<Real>>(columns)});
  }
  void give_back(std::unique_ptr<SpectrumRoom<Real>> room) const {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(room));
  }

 private:
  mutable std::mutex mutex{};
  mutable std::vector<std::unique_ptr<SpectrumRoom<Real>>> idle{};

  /// Roots of order half to step * k * column, `count` of them for each group of eight columns.
  [[nodiscard]] std::vector<Complexes<Real>> turns_of(std::size_t groups, std::size_t count, std::size_t step) const {
    std::vector<Complexes<Real>> turns(groups * count);
    for (std::size_t group = 0; group < groups; ++group) {
      for (std::size_t k = 0; k < count; ++k) {
        for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
          const auto root = rounded<Real>(root_of_unity(step * k * (group * fft_lanes + lane), half));
          turns[group * count + k].re[lane] = root.re;
          turns[group * count + k].im[lane] = root.im;
        }
      }
    }
    return turns;
  }
};

namespace {

/// +1 for a one, -1 for a zero, of bits 0, 2, … 14 and of bits 1, 3, … 15: the sign bit of a 1, so that lanes need no
/// conversion from whole numbers.
LIGHTSEED_INLINE void load_signs(std::uint64_t bits, Complexes<double>& out) {
  const auto sign = [bits](std::size_t at) __attribute__((always_inline)) {
    return std::bit_cast<double>(std::uint64_t{0xbff0'0000'0000'0000} ^ bits >> at << 63);
  };
  for (std::size_t lane = 0; lane < fft_lanes; ++lane)
    out.re[lane] = sign(2 * lane);
  for (std::size_t lane = 0; lane < fft_lanes; ++lane)
    out.im[lane] = sign(2 * lane + 1);
}
LIGHTSEED_INLINE void load_signs(std::uint64_t bits, Complexes<float>& out) {
  using Words = std::uint32_t __attribute__((vector_size(4 * fft_lanes)));
  const Words even = {31, 29, 27, 25, 23, 21, 19, 17};
  const Words same = Words{} + static_cast<std::uint32_t>(bits);
  const Words re = (same << even & 0x8000'0000U) ^ 0xbf80'0000U;
  const Words im = (same << (even - 1) & 0x8000'0000U) ^ 0xbf80'0000U;
  std::memcpy(out.re, &re, sizeof re);
  std::memcpy(out.im, &im, sizeof im);
}

/// Eight columns from `column` on, bits as numbers. Behind the last column stand other bits; nobody looks at what
/// becomes of them.
template <typename Real>
LIGHTSEED_INLINE void load_columns(const SpectrumTables<Real>& t, const BitString& bits, std::size_t column,
                                   Complexes<Real>* out) {
  for (std::size_t row = 0; row < t.rows; ++row)
    load_signs(bits.window(2 * (row * t.columns + column)), out[row]);
}

/// Element i of row k becomes element k of out[i], for the first `count` elements of eight rows.
LIGHTSEED_INLINE void transpose(const Complexes<double>* rows, std::size_t count, Complexes<double>* out) {
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < fft_lanes; ++k) {
      out[i].re[k] = rows[k].re[i];
      out[i].im[k] = rows[k].im[i];
    }
  }
}

/// Eight rows of eight numbers, in registers: neighbours change places, then pairs, then fours. Rows stand `apart`.
LIGHTSEED_INLINE void transpose_eight(const float* rows, std::size_t apart, std::size_t count, float* out) {
  using Eight = float __attribute__((vector_size(4 * fft_lanes)));
  Eight x[fft_lanes];
  Eight y[fft_lanes];
  // Written out: GCC would copy them by halves, and wait for these to be put together.
  const auto load = [&]<std::size_t... k>(std::index_sequence<k...>) __attribute__((always_inline)) {
    (std::memcpy(&x[k], rows + k * apart, sizeof x[k]), ...);
  };
  load(std::make_index_sequence<fft_lanes>{});
  for (std::size_t k = 0; k < fft_lanes; k += 2) {
    y[k] = __builtin_shufflevector(x[k], x[k + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    y[k + 1] = __builtin_shufflevector(x[k], x[k + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (std::size_t k = 0; k < fft_lanes; k += 4) {
    for (std::size_t half = 0; half < 2; ++half) {
      x[k + 2 * half] = __builtin_shufflevector(y[k + half], y[k + half + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      x[k + 2 * half + 1] = __builtin_shufflevector(y[k + half], y[k + half + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (std::size_t k = 0; k < fft_lanes / 2; ++k) {
    y[k] = __builtin_shufflevector(x[k], x[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    y[k + 4] = __builtin_shufflevector(x[k], x[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (std::size_t i = 0; i < count; ++i)
    std::memcpy(out + i * apart, &y[i], sizeof y[i]);
}
LIGHTSEED_INLINE void transpose(const Complexes<float>* rows, std::size_t count, Complexes<float>* out) {
  constexpr std::size_t apart = sizeof(Complexes<float>) / sizeof(float);
  if (count == fft_lanes) {
    transpose_eight(rows->re, apart, fft_lanes, out->re);
    transpose_eight(rows->im, apart, fft_lanes, out->im);
  } else {
    transpose_eight(rows->re, apart, count, out->re);
    transpose_eight(rows->im, apart, count, out->im);
  }
}

/// The columns' transforms, turned, into tiles: [tile * columns + column] holds eight rows side by side, which is how
/// the rows' transforms want them.
template <typename Real>
LIGHTSEED_INLINE void transform_columns(const SpectrumTables<Real>& t, const BitString& bits,
                                        SpectrumRoom<Real>& room) {
  constexpr std::size_t stride = SpectrumTables<Real>::stride;
  const std::size_t coarse_count = t.rows / stride + 1;
  for (std::size_t column = 0; column < t.columns; column += fft_lanes) {
    load_columns(t, bits, column, room.data.data());
    const Complexes<Real>* const result = fft::run(t.along_columns, room.data.data(), room.other.data());
    const std::size_t count = std::min(fft_lanes, t.columns - column);
    const std::size_t group = column / fft_lanes;
    const Complexes<Real>* const fine = t.fine.data() + group * stride;
    const Complexes<Real>* const coarse = t.coarse.data() + group * coarse_count;
    const auto turn_row = [&](std::size_t row, Complexes<Real> & turned) __attribute__((always_inline)) {
      const Complexes<Real>& a = coarse[row / stride];
      const Complexes<Real>& b = fine[row % stride];
      for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
        const auto turn = fft::times<Real>({a.re[lane], a.im[lane]}, {b.re[lane], b.im[lane]});
        const auto value = fft::times<Real>({result[row].re[lane], result[row].im[lane]}, turn);
        turned.re[lane] = value.re;
        turned.im[lane] = value.im;
      }
    };
    Complexes<Real> turned[fft_lanes]{};
    for (std::size_t tile = 0; tile < t.all_tiles(); ++tile) {
      const auto rows = t.rows_of(tile);
      for (std::size_t lane = 0; lane < rows.count; ++lane)
        turn_row(rows.first + (rows.backwards ? 0 - lane : lane), turned[lane]);
      transpose(turned, count, room.tiles.data() + tile * t.columns + column);
    }
  }
}

/// Squared magnitudes of X[j] and X[half - j] from z = Z[j], w = Z[half - j] and the root of order n to j:
/// X[j] = (z + w*) / 2 - i root (z - w*) / 2.
template <typename Real>
struct Magnitudes {
  Real near;
  Real far;
};
template <typename Real>
LIGHTSEED_INLINE Magnitudes<Real> magnitudes(const Complex<Real>& z, const Complex<Real>& w,
                                             const Complex<Real>& root) {
  const Complex<Real> even{(z.re + w.re) / 2, (z.im - w.im) / 2};
  const Complex<Real> odd{(z.im + w.im) / 2, (w.re - z.re) / 2};
  const Complex<Real> turned = fft::times(odd, root);
  const Complex<Real> x = fft::plus(even, turned);
  const Complex<Real> y = fft::minus(even, turned);
  return {x.re * x.re + x.im * x.im, y.re * y.re + y.im * y.im};
}

/// Squared magnitudes below the first are counted, those from there to the second listed.
template <typename Real>
struct Thresholds {
  Real first;
  Real second;
};

template <typename Real>
void note(SpectralCount& found, std::size_t j, Real magnitude, const Thresholds<Real>& thresholds) {
  if (magnitude < thresholds.first)
    ++found.below;
  else if (magnitude < thresholds.second)
    found.between.push_back(j);
  found.largest = std::max(found.largest, static_cast<double>(magnitude));
}

/// A tile of rows from 1 + 8 `tile` on and the one of their partners. Lanes behind the last pair are not counted.
///
/// Columns go by stretches. Few coefficients stand between the thresholds: a stretch that has one is gone through
/// again, coefficient by coefficient.
template <typename Real>
LIGHTSEED_INLINE void count_pairs(const SpectrumTables<Real>& t, SpectrumRoom<Real>& room, std::size_t tile,
                                  const Thresholds<Real>& thresholds, SpectralCount& found) {
  constexpr std::size_t stretch = 32;
  Complexes<Real>* const from = room.tiles.data() + 2 * tile * t.columns;
  const Complexes<Real>* const z = fft::run(t.along_rows, from, room.other.data());
  const Complexes<Real>* const w = fft::run(t.along_rows, from + t.columns, room.of_partners.data());
  const std::size_t first_row = tile * fft_lanes + 1;
  const std::size_t lanes = std::min(fft_lanes, t.pairs + 1 - first_row);
  Complexes<Real> of_row{};
  Real below[fft_lanes]{};
  Real largest[fft_lanes]{};
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    of_row.re[lane] = t.of_row[first_row + lane].re;
    of_row.im[lane] = t.of_row[first_row + lane].im;
  }
  const auto both_at = [&](std::size_t c, std::size_t lane) __attribute__((always_inline)) {
    const Complexes<Real>& near = z[c];
    const Complexes<Real>& far = w[t.columns - 1 - c];
    const Complex<Real> root = fft::times<Real>({of_row.re[lane], of_row.im[lane]}, t.of_column[c]);
    return magnitudes<Real>({near.re[lane], near.im[lane]}, {far.re[lane], far.im[lane]}, root);
  };
  for (std::size_t c = 0; c < t.columns; c += stretch) {
    const std::size_t end = std::min(c + stretch, t.columns);
    Real below_second[fft_lanes]{};
    Real below_first[fft_lanes]{};
    for (std::size_t at = c; at < end; ++at) {
      for (std::size_t lane = 0; lane < fft_lanes; ++lane) {
        const Magnitudes<Real> both = both_at(at, lane);
        below_first[lane] +=
            (both.near < thresholds.first ? Real{1} : Real{0}) + (both.far < thresholds.first ? Real{1} : Real{0});
        below_second[lane] +=
            (both.near < thresholds.second ? Real{1} : Real{0}) + (both.far < thresholds.second ? Real{1} : Real{0});
        const Real larger = both.near > both.far ? both.near : both.far;
        largest[lane] = larger > largest[lane] ? larger : largest[lane];
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      below[lane] += below_first[lane];
      if (below_first[lane] == below_second[lane]) continue;
      for (std::size_t at = c; at < end; ++at) {
        const Magnitudes<Real> both = both_at(at, lane);
        const std::size_t j = first_row + lane + t.rows * at;
        if (both.near >= thresholds.first && both.near < thresholds.second) found.between.push_back(j);
        if (both.far >= thresholds.first && both.far < thresholds.second) found.between.push_back(t.half - j);
      }
    }
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    found.below += static_cast<std::uint64_t>(below[lane]);
    found.largest = std::max(found.largest, static_cast<double>(largest[lane]));
  }
}

/// A row that is its own partner: the partner of its column c is `last` - c, or of row 0 columns - c.
template <typename Real>
LIGHTSEED_INLINE void count_single(const SpectrumTables<Real>& t, SpectrumRoom<Real>& room, std::size_t row,
                                   const Thresholds<Real>& thresholds, SpectralCount& found) {
  Complexes<Real>* const from = room.tiles.data() + (row == 0 ? t.of_row_0() : t.of_middle_row()) * t.columns;
  const Complexes<Real>* const z = fft::run(t.along_rows, from, room.other.data());
  const std::size_t first = row == 0 ? 1 : 0;
  const std::size_t last = row == 0 ? t.columns : t.columns - 1;
  for (std::size_t c = first; 2 * c <= last; ++c) {
    const std::size_t other = last - c;
    const std::size_t j = row + t.rows * c;
    const Complex<Real> root = fft::times(t.of_row[row], t.of_column[c]);
    const auto both = magnitudes<Real>({z[c].re[0], z[c].im[0]}, {z[other].re[0], z[other].im[0]}, root);
    note(found, j, both.near, thresholds);
    if (other != c) note(found, t.half - j, both.far, thresholds);
  }
}

template <typename Real>
LIGHTSEED_INLINE void count_all(const SpectrumTables<Real>& t, const BitString& bits, SpectrumRoom<Real>& room,
                                const Thresholds<Real>& thresholds, SpectralCount& found) {
  transform_columns(t, bits, room);
  count_single(t, room, 0, thresholds, found);
  if (t.rows % 2 == 0) count_single(t, room, t.rows / 2, thresholds, found);
  for (std::size_t tile = 0; tile < t.tiles; ++tile)
    count_pairs(t, room, tile, thresholds, found);
}

LIGHTSEED_WIDE void count_all_in_single(const SpectrumTables<float>& t, const BitString& bits,
                                        SpectrumRoom<float>& room, const Thresholds<float>& thresholds,
                                        SpectralCount& found) {
  count_all(t, bits, room, thresholds, found);
}
LIGHTSEED_WIDE void count_all_in_double(const SpectrumTables<double>& t, const BitString& bits,
                                        SpectrumRoom<double>& room, const Thresholds<double>& thresholds,
                                        SpectralCount& found) {
  count_all(t, bits, room, thresholds, found);
}

}  // namespace

template <typename Real>
SmoothSpectrum<Real>::SmoothSpectrum(std::size_t n) : tables_(std::make_unique<SpectrumTables<Real>>(n)) {}
template <typename Real>
SmoothSpectrum<Real>::~SmoothSpectrum() = default;

template <typename Real>
SpectralCount SmoothSpectrum<Real>::count(const BitString& bits, double first, double second) const {
  SpectralCount found;
  // Coefficient 0 is the sum of all bits, which is known without a transform.
  const double sum = 2 * static_cast<double>(bits.ones()) - static_cast<double>(bits.size());
  if (sum * sum < first)
    ++found.below;
  else if (sum * sum < second)
    found.between.push_back(0);
  const Thresholds<Real> thresholds{static_cast<Real>(first), static_cast<Real>(second)};
  std::unique_ptr<SpectrumRoom<Real>> room = tables_->take_room();
  if constexpr (std::is_same_v<Real, float>)
    count_all_in_single(*tables_, bits, *room, thresholds, found);
  else
    count_all_in_double(*tables_, bits, *room, thresholds, found);
  tables_->give_back(std::move(room));
  return found;
}

template class SmoothSpectrum<float>;
template class SmoothSpectrum<double>;

}  // namespace lightseed::stats
