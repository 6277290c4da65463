// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/spectrum.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <random>
#include <vector>

#include "stats/sequence/coefficient.h"
#include "stats/sequence/smooth_spectrum.h"

using namespace lightseed::stats;

namespace {

constexpr std::size_t many_bits = 1'000'000;

/// Bits that repeat after `period` random ones.
BitString periodic_bits(std::size_t n, std::size_t period) {
  std::mt19937 random(static_cast<unsigned>(period));
  std::vector<std::uint8_t> bits(n);
  for (std::size_t i = 0; i < n; ++i)
    bits[i] = i < period ? static_cast<std::uint8_t>(random() >> 31) : bits[i - period];
  return {bits, 1};
}

BitString seeded_bits(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bits(n);
  for (auto& bit : bits)
    bit = static_cast<std::uint8_t>(random() >> 31);
  return {bits, 1};
}

std::uint64_t below_in_double(const BitString& bits, double threshold) {
  return SmoothSpectrum<double>(bits.size()).count(bits, threshold, threshold).below;
}

}  // namespace

TEST_CASE("One coefficient is that of the definition") {
  for (const std::size_t n : {2U, 63U, 64U, 65U, 128U, 1000U, 1001U}) {
    const BitString bits = seeded_bits(n, static_cast<unsigned>(n));
    for (const std::size_t j : {std::size_t{0}, std::size_t{1}, n / 3, n / 2, n - 1}) {
      std::complex<double> sum = 0;
      for (std::size_t t = 0; t < n; ++t)
        sum += (bits[t] ? 1.0 : -1.0) *
               std::polar(1.0, -2 * M_PI * static_cast<double>(t * j % n) / static_cast<double>(n));
      CAPTURE(n, j);
      CHECK(std::abs(squared_coefficient(bits, j) - std::norm(sum)) < 1e-9 * static_cast<double>(n));
    }
  }
}

TEST_CASE("Single precision errs by less than an eighth of what it is trusted with") {
  // Each coefficient that stands so near to a threshold is judged in double precision, all others as single precision
  // has them: were an error larger, counts would differ.
  constexpr double near = 0x1p-20;
  const SmoothSpectrum<float> single(many_bits);
  const SmoothSpectrum<double> twice(many_bits);
  std::size_t looked_at = 0;
  for (const unsigned seed : {1U, 2U, 3U}) {
    const BitString bits = seeded_bits(many_bits, seed);
    for (const double share : {0.01, 0.3, 1.0, 2.0, 2.995732274, 6.0, 10.0}) {
      const double threshold = share * many_bits;
      SpectralCount found = single.count(bits, threshold * (1 - near), threshold * (1 + near));
      looked_at += found.between.size();
      for (const std::size_t j : found.between)
        found.below += squared_coefficient(bits, j) < threshold ? 1 : 0;
      CAPTURE(seed, share);
      CHECK(found.below == twice.count(bits, threshold, threshold).below);
      CHECK(found.largest < 32 * many_bits);
    }
  }
  CHECK(looked_at > 0);
}

TEST_CASE("A threshold between two coefficients that all but touch it tells them apart") {
  const Spectrum spectrum(many_bits);
  const BitString bits = seeded_bits(many_bits, 4);
  const std::uint64_t whole = many_bits / 2;
  for (const std::size_t j : {1U, 2U, 625U, 312U, 1250U, 249'999U, 250'000U, 499'375U, 499'999U}) {
    const double exact = squared_coefficient(bits, j);
    const std::uint64_t before = spectrum.below(bits, exact * (1 - 1e-10));
    CAPTURE(j, exact);
    CHECK(spectrum.below(bits, exact * (1 + 1e-10)) == before + 1);
    CHECK(before < whole);
  }
}

TEST_CASE("Sequences with lines and flat ones are counted as double precision does") {
  const double threshold = 2.995732274 * many_bits;
  const Spectrum spectrum(many_bits);
  for (const std::size_t period : {1U, 2U, 3U, 7U, 8U, 64U, 625U, 800U, 1000U, 4096U, 50'000U, 250'000U, 500'000U}) {
    const BitString bits = periodic_bits(many_bits, period);
    CAPTURE(period);
    CHECK(spectrum.below(bits, threshold) == below_in_double(bits, threshold));
  }
}

TEST_CASE("Long sequences are transformed in double precision throughout") {
  constexpr std::size_t n = std::size_t{5} << 20;
  const BitString bits = seeded_bits(n, 5);
  const double threshold = 2.995732274 * n;
  CHECK(Spectrum(n).below(bits, threshold) == below_in_double(bits, threshold));
}
