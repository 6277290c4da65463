#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <vector>

#include "driver/registry.h"
#include "driver/simulated/homodyne/model.h"
#include "driver/simulated/models.h"

using namespace lightseed;

namespace {

std::unique_ptr<Source> open(const std::string& uri) {
  SourceRegistry sources;
  simulated::add_models(sources);
  return sources.open(uri);
}

std::vector<std::byte> samples_of(Source& source, std::size_t count) {
  std::vector<std::byte> samples(count);
  source.start({});
  REQUIRE(source.read(samples, {}).bytes == count);
  return samples;
}

}  // namespace

TEST_CASE("homodyne min-entropy has the published values") {
  using simulated::HomodyneModel;
  // Worst case over 5 standard deviations of the classical noise at the optimal ranges (photon model tables).
  CHECK(HomodyneModel{}.worst_case_min_entropy() == Approx(6.369).margin(5e-4));
  CHECK(HomodyneModel{.qcnr_db = 20, .range = 2.898}.worst_case_min_entropy() == Approx(6.790).margin(5e-4));
  CHECK(HomodyneModel{.qcnr_db = 30, .range = 2.594}.worst_case_min_entropy() == Approx(6.951).margin(5e-4));
  CHECK(HomodyneModel{.qcnr_db = 0, .range = 7.096}.worst_case_min_entropy() == Approx(5.499).margin(5e-4));
  // An offset costs more than a bit of the claim, and the codes alone do not show it.
  const HomodyneModel offset{.offset = 0.3};
  CHECK(offset.worst_case_min_entropy() == Approx(5.3037).margin(1e-3));
  CHECK(HomodyneModel{}.marginal_min_entropy() == Approx(6.4381).margin(5e-4));
  CHECK(offset.marginal_min_entropy() == Approx(6.438).margin(2e-3));
}

TEST_CASE("a wider bound on the classical noise never raises the claim, and the claim never passes the marginal") {
  for (double bound = 1; bound < 9; bound += 0.5) {
    for (double range = 1; range < 8; range += 0.7) {
      const simulated::HomodyneModel narrow{.range = range, .noise_bound = bound};
      const simulated::HomodyneModel wide{.range = range, .noise_bound = bound + 0.5};
      CHECK(wide.worst_case_min_entropy() <= narrow.worst_case_min_entropy());
      CHECK(wide.worst_case_min_entropy() <= wide.marginal_min_entropy() + 1e-12);
    }
  }
}

TEST_CASE("code probabilities sum to one") {
  for (const double range : {0.5, 3.881, 20.0}) {
    const auto p = simulated::HomodyneModel{.range = range, .offset = 0.3}.code_probabilities();
    CHECK(std::accumulate(p.begin(), p.end(), 0.0) == Approx(1).margin(1e-12));
    CHECK(*std::min_element(p.begin(), p.end()) >= 0);
  }
}

TEST_CASE("the samples follow the model") {
  const auto source = open("sim:homodyne?seed=7");
  constexpr std::size_t count = 4'000'000;
  std::array<double, 256> seen{};
  for (const std::byte b : samples_of(*source, count))
    ++seen[std::to_integer<std::size_t>(b)];
  const auto p = simulated::HomodyneModel{}.code_probabilities();
  // Chi-square over the codes expected at least ten times; all rarer ones together.
  double chi2 = 0;
  double rare_seen = 0;
  double rare_expected = 0;
  int classes = 1;
  for (std::size_t c = 0; c < 256; ++c) {
    const double expected = p[c] * count;
    if (expected < 10) {
      rare_seen += seen[c];
      rare_expected += expected;
      continue;
    }
    chi2 += (seen[c] - expected) * (seen[c] - expected) / expected;
    ++classes;
  }
  chi2 += rare_expected > 0 ? (rare_seen - rare_expected) * (rare_seen - rare_expected) / rare_expected : 0;
  // Mean and spread of chi-square; the seed is fixed, so this cannot fail by luck.
  CHECK(std::abs(chi2 - classes) < 4 * std::sqrt(2.0 * classes));
}

TEST_CASE("a seed gives the same samples, another seed or a restart others") {
  const auto a = open("sim:homodyne?seed=1");
  const auto b = open("sim:homodyne?seed=1");
  const auto first = samples_of(*a, 10'000);
  CHECK(first == samples_of(*b, 10'000));
  CHECK(first != samples_of(*b, 10'000));  // the second start of b
  CHECK(first != samples_of(*open("sim:homodyne?seed=2"), 10'000));
  // The canonical name opens the same source, a drawn seed included.
  const auto drawn = open("sim:homodyne");
  CHECK(samples_of(*open(drawn->info().uri), 1000) == samples_of(*drawn, 1000));
}

TEST_CASE("how reads are cut does not change the samples") {
  const auto whole = samples_of(*open("sim:homodyne?seed=3&fault=stuck@5000"), 10'000);
  const auto source = open("sim:homodyne?seed=3&fault=stuck@5000");
  source->start({});
  std::vector<std::byte> pieces(10'000);
  for (std::size_t at = 0, size = 1; at < pieces.size(); at += size, size = size * 3 % 1999 + 1) {
    size = std::min(size, pieces.size() - at);
    REQUIRE(source->read(std::span(pieces).subspan(at, size), {}).bytes == size);
  }
  CHECK(pieces == whole);
}

TEST_CASE("faults set in at their sample and stay") {
  const auto healthy = samples_of(*open("sim:homodyne?seed=5"), 3000);
  const auto stuck = samples_of(*open("sim:homodyne?seed=5&fault=stuck@1000"), 3000);
  const auto bias = samples_of(*open("sim:homodyne?seed=5&fault=bias@1000"), 3000);
  const auto dead = samples_of(*open("sim:homodyne?seed=5&fault=dead@1000"), 3000);
  for (const auto& faulty : {stuck, bias, dead})
    CHECK(std::equal(healthy.begin(), healthy.begin() + 1000, faulty.begin()));
  CHECK(std::all_of(stuck.begin() + 1000, stuck.end(), [&](std::byte b) { return b == healthy[999]; }));
  CHECK(std::all_of(dead.begin() + 1000, dead.end(), [](std::byte b) { return b == std::byte{128}; }));
  const auto top = std::count(bias.begin() + 1000, bias.end(), std::byte{255});
  CHECK(top > 800);
  CHECK(top < 1200);
}

TEST_CASE("nothing a simulator says calls it anything but simulated") {
  const auto source = open("sim:homodyne?seed=1");
  CHECK(source->info().provenance == Provenance::simulated);
  CHECK_THAT(source->info().model, Catch::Contains("simulated"));
  CHECK_THAT(to_json(source->info()).dump(), Catch::Contains("no entropy beyond the simulator's seed"));
}
