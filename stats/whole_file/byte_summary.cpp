// SPDX-License-Identifier: Apache-2.0
#include "stats/whole_file/byte_summary.h"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/byte_views.h"
#include "core/clones.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t bytes_a_point = 6;
constexpr double radius = 256.0 * 256.0 * 256.0 - 1;

LIGHTSEED_WIDE std::uint64_t products_of_neighbours(const unsigned char* data, std::size_t pairs) {
  std::uint64_t sum = 0;
  constexpr std::size_t step = 32'768;  // so long a sum fits 32 bits: 32768 * 255^2 < 2^31
  for (std::size_t at = 0; at < pairs; at += step) {
    const std::size_t end = at + step < pairs ? at + step : pairs;
    std::uint32_t part = 0;
    for (std::size_t i = at; i < end; ++i)
      part += static_cast<std::uint32_t>(data[i]) * data[i + 1];
    sum += part;
  }
  return sum;
}

/// Four points at a time: their eight numbers of three bytes, the highest first, become four bytes each, then doubles,
/// whose squares and sums of squares are exact.
LIGHTSEED_WIDE std::uint64_t points_inside(const unsigned char* data, std::size_t points) {
  using Bytes = unsigned char __attribute__((vector_size(16)));
  using Whole = std::int32_t __attribute__((vector_size(16)));
  using Numbers = double __attribute__((vector_size(32)));
  using Found = std::int64_t __attribute__((vector_size(32)));
  // Squares of x, y of one point, x, y of the next.
  const auto square_two = [](const unsigned char* p, Numbers& squares) __attribute__((always_inline)) {
    Bytes bytes;
    std::memcpy(&bytes, p, sizeof bytes);
    const Bytes apart = __builtin_shufflevector(bytes, Bytes{}, 2, 1, 0, 16, 5, 4, 3, 16, 8, 7, 6, 16, 11, 10, 9, 16);
    Whole whole;
    std::memcpy(&whole, &apart, sizeof whole);
    const Numbers numbers = __builtin_convertvector(whole, Numbers);
    squares = numbers * numbers;
  };
  Found inside{};
  std::size_t k = 0;
  // The second pair's bytes are read with four that stand behind them.
  for (; k + 5 <= points; k += 4) {
    Numbers first;
    Numbers second;
    square_two(data + bytes_a_point * k, first);
    square_two(data + bytes_a_point * (k + 2), second);
    const Numbers sums =
        __builtin_shufflevector(first, second, 0, 4, 2, 6) + __builtin_shufflevector(first, second, 1, 5, 3, 7);
    inside -= sums <= radius * radius;
  }
  std::uint64_t count = 0;
  for (std::size_t lane = 0; lane < 4; ++lane)
    count += static_cast<std::uint64_t>(inside[lane]);
  for (; k < points; ++k) {
    const unsigned char* const p = data + bytes_a_point * k;
    const double x = static_cast<double>(p[0] << 16 | p[1] << 8 | p[2]);
    const double y = static_cast<double>(p[3] << 16 | p[4] << 8 | p[5]);
    count += x * x + y * y <= radius * radius ? 1 : 0;
  }
  return count;
}

}  // namespace

double ByteSummary::entropy() const {
  double sum = 0;
  for (const std::uint64_t count : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(bytes);
    if (count != 0) sum -= share * std::log2(share);
  }
  return sum;
}

double ByteSummary::chi_square() const {
  const double expected = static_cast<double>(bytes) / 256;
  double chi = 0;
  for (const std::uint64_t count : counts) {
    const double excess = static_cast<double>(count) - expected;
    chi += excess * excess / expected;
  }
  return chi;
}

double ByteSummary::mean() const {
  double sum = 0;
  for (std::size_t value = 0; value < counts.size(); ++value)
    sum += static_cast<double>(value) * static_cast<double>(counts[value]);
  return sum / static_cast<double>(bytes);
}

double ByteSummary::pi() const {
  return points == 0 ? 0 : 4 * static_cast<double>(inside) / static_cast<double>(points);
}

double ByteSummary::serial_correlation() const {
  const auto n = static_cast<long double>(bytes);
  long double sum = 0;
  long double squares = 0;
  for (std::size_t value = 0; value < counts.size(); ++value) {
    const auto v = static_cast<long double>(value);
    sum += v * static_cast<long double>(counts[value]);
    squares += v * v * static_cast<long double>(counts[value]);
  }
  const auto around = static_cast<long double>(products + std::uint64_t{last} * first);
  const long double spread = n * squares - sum * sum;
  return spread <= 0 ? 1 : static_cast<double>((n * around - sum * sum) / spread);
}

ByteSummary summary_of(std::span<const std::byte> bytes) {
  if (bytes.empty()) return {};
  const unsigned char* const data = octets(bytes.data());
  ByteSummary summary{.counts = histogram(std::span(data, bytes.size())), .bytes = bytes.size()};
  summary.products = products_of_neighbours(data, bytes.size() - 1);
  summary.points = bytes.size() / bytes_a_point;
  summary.inside = points_inside(data, summary.points);
  summary.first = data[0];
  summary.last = data[bytes.size() - 1];
  return summary;
}

void append(ByteSummary& summary, const ByteSummary& next) {
  if (next.bytes == 0) return;
  if (summary.bytes == 0) {
    summary = next;
    return;
  }
  for (std::size_t value = 0; value < summary.counts.size(); ++value)
    summary.counts[value] += next.counts[value];
  summary.products += next.products + std::uint64_t{summary.last} * next.first;
  summary.bytes += next.bytes;
  summary.points += next.points;
  summary.inside += next.inside;
  summary.last = next.last;
}

}  // namespace lightseed::stats
