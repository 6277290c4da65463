// SPDX-License-Identifier: Apache-2.0
// The fast way to draw correlated samples: its normal numbers, its law and its memory, against naive twins.
#include "driver/simulated/frame/gaussian_stream.h"

#include <algorithm>
#include <array>
#include <numbers>
#include <vector>

#include "core/byte_views.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "driver/simulated/homodyne/model.h"
#include "tests/driver/simulated/bench.h"

using namespace lightseed;
using namespace lightseed::simulated;
using namespace lightseed::simulated::testing;

namespace {

constexpr std::size_t half = GaussianStream::block / 2;

/// 16 bits over eight standard deviations: as good as the process itself.
GaussianLaw fine(double memory, double noise) {
  const double range = 8 * std::hypot(1.0, noise);
  return {.memory = memory, .noise = noise, .mean = 0, .converter = {16, -range, std::ldexp(range, -15)}};
}

std::vector<double> signal_of(const GaussianLaw& law, std::uint64_t seed, std::size_t count) {
  GaussianStream stream(law, "test", seed, 0);
  std::vector<std::uint16_t> codes(count);
  stream.draw(std::span(codes));
  std::vector<double> signal;
  signal.reserve(count);
  for (const std::uint16_t code : codes)
    signal.push_back(law.converter.edge(code + 0.5));
  return signal;
}

}  // namespace

TEST_CASE("normal numbers are Box's and Muller's, in the tails too") {
  std::vector<std::uint32_t> words(GaussianStream::block);
  std::vector<float> normals(words.size());
  Keystream stream("box-muller", 1, 0);
  double off = 0, largest = 0;
  for (int round = 0; round < 200; ++round) {
    stream.fill(words);
    if (round == 0) {
      const std::array<std::uint32_t, 8> radii{0,           1,           2,           0xffff'ffff,
                                               0xffff'fffe, 0x8000'0000, 0x7fff'ffff, 0x4000'0000};
      const std::array<std::uint32_t, 8> angles{0,           1,           0x8000'0000, 0x7fff'ffff,
                                                0x4000'0000, 0xc000'0000, 0x2000'0000, 0xe000'0000};
      for (std::size_t i = 0; i < 64; ++i) {
        words[i] = radii[i / 8];
        words[half + i] = angles[i % 8];
      }
    }
    box_muller(std::span<const std::uint32_t, GaussianStream::block>(words),
               std::span<float, GaussianStream::block>(normals));
    for (std::size_t i = 0; i < half; ++i) {
      const double u = ((words[i] >> 1) + 0.5) * 0x1p-31;
      const double radius = std::sqrt(-2 * std::log(u));
      const double angle = std::numbers::pi * static_cast<std::int32_t>(words[half + i]) * 0x1p-31;
      off = std::max({off, std::abs(static_cast<double>(normals[i]) - radius * std::cos(angle)),
                      std::abs(static_cast<double>(normals[half + i]) - radius * std::sin(angle))});
      largest = std::max(largest, std::abs(static_cast<double>(normals[i])));
    }
  }
  CHECK(off < 1e-4);
  CHECK(largest == Approx(std::sqrt(2 * 32 * std::numbers::ln2)).epsilon(1e-5));
}

TEST_CASE("a Gaussian process has the variance, the memory and the tails of its law") {
  struct Row {
    double memory, noise;
  };
  for (const Row row : {Row{0.533, 0.316}, Row{0.04, 1}, Row{0.95, 0.3}, Row{0.533, 0}, Row{0, 0.5}}) {
    CAPTURE(row.memory, row.noise);
    constexpr std::size_t count = 4'000'000;
    const auto x = signal_of(fine(row.memory, row.noise), 7, count);
    const double variance = 1 + row.noise * row.noise;
    // How much longer a stretch has to be than one of independent samples.
    const double longer = (1 + row.memory) / (1 - row.memory);
    const double error = std::sqrt(longer / count);
    double mean = 0, fourth = 0;
    for (const double value : x) {
      mean += value / count;
      fourth += value * value * value * value / count;
    }
    CHECK(std::abs(mean) < 5 * std::sqrt(variance) * error);
    CHECK(fourth == Approx(3 * variance * variance).epsilon(5 * std::sqrt(32.0 / 3) * error));
    for (const std::size_t lag : {0, 1, 2, 3, 7, 8, 9, 16, 31, 4096}) {
      double sum = 0;
      for (std::size_t i = 0; i + lag < count; ++i)
        sum += x[i] * x[i + lag] / static_cast<double>(count - lag);
      const double wanted = lag == 0 ? variance : std::pow(row.memory, static_cast<double>(lag));
      CHECK(sum == Approx(wanted).margin(5 * std::sqrt(2.0) * variance * error));
    }
  }
}

TEST_CASE("a Gaussian process is stationary from its first sample on, and each restart is another") {
  const GaussianLaw law = fine(0.9, 0.5);
  constexpr std::size_t starts = 20'000;
  double first = 0, second = 0, both = 0, later = 0;
  for (std::size_t start = 0; start < starts; ++start) {
    GaussianStream stream(law, "test", 3, start);
    std::array<std::uint16_t, 12> codes{};
    stream.draw(std::span<std::uint16_t>(codes));
    const double a = law.converter.edge(codes[0] + 0.5), b = law.converter.edge(codes[1] + 0.5),
                 c = law.converter.edge(codes[11] + 0.5);
    first += a * a / starts;
    second += b * b / starts;
    both += a * b / starts;
    later += a * c / starts;
  }
  const double margin = 5 * 1.25 * std::sqrt(2.0 / starts);
  CHECK(first == Approx(1.25).margin(margin));
  CHECK(second == Approx(1.25).margin(margin));
  CHECK(both == Approx(0.9).margin(margin));
  CHECK(later == Approx(std::pow(0.9, 11)).margin(margin));
}

TEST_CASE("the fast way and the long way have one law; how reads are cut changes nothing") {
  const std::string uri = "sim:homodyne?seed=6&range=4&bandwidth=0.1&offset=0.2";
  CHECK(open(uri)->info().parameters["path"] == "fast");
  const HomodyneModel model{.range = 4, .offset = 0.2, .bandwidth = 0.1};
  const auto law = model.code_probabilities();
  for (const char* const path : {"&path=fast", "&path=full"}) {
    CAPTURE(path);
    const auto samples = samples_of(uri + path, 2'000'000);
    std::vector<double> shares(256);
    for (const std::uint16_t sample : samples)
      shares[sample] += 1.0 / 2e6;
    double worst = 0;
    for (std::size_t c = 0; c < law.size(); ++c)
      worst = std::max(worst, std::abs(shares[c] - law[c]) / std::sqrt(law[c] * (1 - law[c]) / 2e6));
    // Samples remember: ends come in runs, which makes their counts vary more.
    CHECK(worst < 8);
    CHECK(correlation(samples, 1) == Approx(model.memory() / 1.1).margin(0.004));
  }
  const auto whole = open(uri), pieces = open(uri), pool = open(uri);
  const auto wanted = bytes_of(*whole, 30'000);
  std::vector<std::byte> got(wanted.size());
  pieces->start({});
  for (std::size_t done = 0, step = 1; done < got.size(); step = step * 7 % 4999 + 1) {
    const std::size_t part = std::min(step, got.size() - done);
    REQUIRE(pieces->read(std::span(got).subspan(done, part), {}).bytes == part);
    done += part;
  }
  CHECK(got == wanted);
  // A digital fault leaves the samples before it alone.
  const auto faulty = bytes_of(*open(uri + "&fault=stuck@20000"), 30'000);
  CHECK(std::equal(faulty.begin(), faulty.begin() + 20'000, wanted.begin()));
  CHECK(std::all_of(faulty.begin() + 20'001, faulty.end(), [&](std::byte b) { return b == faulty[20'000]; }));
  // Hum, noise with a memory and a memory too long for single precision go the long way.
  for (const char* const other : {"&hum=0.1", "&noise_correlation=0.5", "&bandwidth=1e-4"}) {
    const std::string slow = other[1] == 'b' ? std::string("sim:homodyne?seed=1") + other : uri + other;
    CHECK(open(slow)->info().parameters["path"] == "full");
    CHECK_THROWS_AS(open(slow + "&path=fast"), Error);
  }
}

TEST_CASE("the fast way gives the same samples on every machine") {
  // Known answers: whatever compiler and instruction set made them, they are these.
  const auto digest = [](const std::string& uri) { return hex(sha256(bytes_of(*open(uri), 100'000))).substr(0, 16); };
  CHECK(digest("sim:homodyne?seed=1&range=4&bandwidth=0.1") == "3dcadd7dcb856f1b");
  CHECK(digest("sim:homodyne?seed=1&bits=12&bandwidth=0.02&qcnr_db=3") == "742c8d71ab8f4961");
}
