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
  std::vector<double> result;  ///< real parts, then imaginary ones
  std::vector<Complexes> tiles;
  std::vector<Complexes> data;
  std::vector<Complexes> other;
};

/// Bits 2j and 2j + 1 are one complex number; the transform of those n/2 gives that of the n bits. Element j stands in
/// row j / columns of a matrix: first the columns are transformed, then, turned by roots of unity, the rows.
struct SpectrumTables {
  std::size_t n;
  bool smooth;
  std::size_t half;
  std::size_t rows;
  std::size_t columns;
  BatchFft along_columns;
  BatchFft along_rows;
  std::vector<Complex> turns{};  ///< [row * columns + column]: root of unity of order half to row * column
  std::vector<Complex> roots{};  ///< [j]: of order n to j, j <= half / 2

  explicit SpectrumTables(std::size_t length)
      : n(length),
        smooth(length % 2 == 0 && is_smooth(length / 2)),
        half(smooth ? length / 2 : 1),
        rows(small_factor(half)),
        columns(half / rows),
        along_columns(rows),
        along_rows(columns) {
    if (!smooth) return;
    turns.resize(half);
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column)
        turns[row * columns + column] = root_of_unity(row * column, half);
    }
    roots.resize(half / 2 + 1);
    for (std::size_t j = 0; j < roots.size(); ++j)
      roots[j] = root_of_unity(j, n);
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
    const std::size_t groups = (rows + fft_lanes - 1) / fft_lanes;
    return std::make_unique<SpectrumRoom>(SpectrumRoom{.result = std::vector<double>(2 * half),
                                                       .tiles = std::vector<Complexes>(groups * columns),
                                                       .data = std::vector<Complexes>(longest),
                                                       .other = std::vector<Complexes>(longest)});
  }
  void give_back(std::unique_ptr<SpectrumRoom> room) const {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(room));
  }

 private:
  mutable std::mutex mutex{};
  mutable std::vector<std::unique_ptr<SpectrumRoom>> idle{};
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

/// The columns' transforms, turned, into tiles: [row / 8 * columns + column] holds eight rows side by side, which is
/// how the rows' transforms want them.
LIGHTSEED_INLINE void transform_columns(const SpectrumTables& t, const BitString& bits, Complexes* tiles,
                                        Complexes* data, Complexes* room) {
  for (std::size_t column = 0; column < t.columns; column += fft_lanes) {
    load_columns(t, bits, column, data);
    const Complexes* const result = fft::run(t.along_columns, data, room);
    const std::size_t count = std::min(fft_lanes, t.columns - column);
    for (std::size_t row = 0; row < t.rows; ++row) {
      const Complex* const turn = t.turns.data() + row * t.columns + column;
      Complexes* const tile = tiles + row / fft_lanes * t.columns + column;
      for (std::size_t lane = 0; lane < count; ++lane) {
        const double a = result[row].re[lane];
        const double b = result[row].im[lane];
        tile[lane].re[row % fft_lanes] = a * turn[lane].re - b * turn[lane].im;
        tile[lane].im[row % fft_lanes] = a * turn[lane].im + b * turn[lane].re;
      }
    }
  }
}

/// The rows' transforms, into the natural order of the whole.
LIGHTSEED_INLINE void transform_rows(const SpectrumTables& t, Complexes* tiles, double* re, double* im,
                                     Complexes* room) {
  for (std::size_t row = 0; row < t.rows; row += fft_lanes) {
    const std::size_t count = std::min(fft_lanes, t.rows - row);
    const Complexes* const result = fft::run(t.along_rows, tiles + row / fft_lanes * t.columns, room);
    for (std::size_t column = 0; column < t.columns; ++column) {
      double* const to_re = re + column * t.rows + row;
      double* const to_im = im + column * t.rows + row;
      for (std::size_t lane = 0; lane < count; ++lane) {
        to_re[lane] = result[column].re[lane];
        to_im[lane] = result[column].im[lane];
      }
    }
  }
}

/// From Z, the transform of pairs: X[j] = (Z[j] + Z*[-j]) / 2 - i w^j (Z[j] - Z*[-j]) / 2, and X[half - j] from the
/// same.
LIGHTSEED_INLINE std::uint64_t count_below(const SpectrumTables& t, const double* __restrict re,
                                           const double* __restrict im, double threshold) {
  // Coefficient 0 is the sum of all bits.
  std::uint64_t count = (re[0] + im[0]) * (re[0] + im[0]) < threshold ? 1 : 0;
  const Complex* __restrict const roots = t.roots.data();
  for (std::size_t j = 1; j <= t.half / 2; ++j) {
    const std::size_t k = t.half - j;
    const double even_re = (re[j] + re[k]) / 2;
    const double even_im = (im[j] - im[k]) / 2;
    const double odd_re = (im[j] + im[k]) / 2;
    const double odd_im = (re[k] - re[j]) / 2;
    const double turned_re = odd_re * roots[j].re - odd_im * roots[j].im;
    const double turned_im = odd_re * roots[j].im + odd_im * roots[j].re;
    const double a = (even_re + turned_re) * (even_re + turned_re) + (even_im + turned_im) * (even_im + turned_im);
    const double b = (even_re - turned_re) * (even_re - turned_re) + (even_im - turned_im) * (even_im - turned_im);
    count += a < threshold ? std::uint64_t{1} : std::uint64_t{0};
    count += b < threshold ? std::uint64_t{1} : std::uint64_t{0};
  }
  // In the middle, where there is one, both were the same coefficient.
  if (t.half % 2 == 0 && t.half > 0) {
    const std::size_t j = t.half / 2;
    count -= re[j] * re[j] + im[j] * im[j] < threshold ? 1 : 0;
  }
  return count;
}

LIGHTSEED_WIDE std::uint64_t below_smooth(const SpectrumTables& t, const BitString& bits, double threshold,
                                          SpectrumRoom& room) {
  double* const re = room.result.data();
  double* const im = re + t.half;
  transform_columns(t, bits, room.tiles.data(), room.data.data(), room.other.data());
  transform_rows(t, room.tiles.data(), re, im, room.other.data());
  return count_below(t, re, im, threshold);
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
