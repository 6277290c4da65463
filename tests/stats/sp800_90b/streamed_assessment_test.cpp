// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/streamed_assessment.h"
#include "cli/exit_code.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "core/error.h"
#include "stats/sp800_90b/report.h"
#include "tests/stats/sp800_90b/generators.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;

namespace {

using Symbols = std::vector<std::uint8_t>;

/// Samples that lean towards small values, so that no estimator is at its limit.
Symbols leaning(unsigned width, std::size_t samples) {
  Random random(width);
  Symbols data(samples);
  for (auto& x : data)
    x = static_cast<std::uint8_t>(std::min(random.below(1U << width), random.below(1U << width)));
  return data;
}

/// Fed in pieces of growing odd lengths.
Assessment streamed(const Symbols& data, const AssessmentOptions& options, const Windows& windows) {
  StreamedAssessment stream(options, windows);
  std::span<const std::uint8_t> rest = data;
  for (std::size_t length = 1; !rest.empty(); length = length * 5 + 7) {
    const auto piece = rest.first(std::min(length, rest.size()));
    stream.add(piece);
    rest = rest.subspan(piece.size());
  }
  return stream.result();
}

const Estimate* find_estimate(const Assessment& assessment, std::string_view id, View view) {
  for (const Estimate& estimate : assessment.estimates) {
    if (estimate.id == id && estimate.view == view) return &estimate;
  }
  return nullptr;
}

void check_same(const Estimate& ours, const Estimate& theirs) {
  CAPTURE(ours.id, name_of(ours.view));
  CHECK(ours.min_entropy == theirs.min_entropy);
  CHECK(ours.numbers == theirs.numbers);
  CHECK(ours.not_run == theirs.not_run);
}

}  // namespace

TEST_CASE("streamed: estimators that see everything say what they say of the whole") {
  for (const unsigned width : {1U, 3U, 8U}) {
    // Several pieces, and a last one that is no whole number of blocks of six bits.
    const Symbols data = leaning(width, 250'001);
    const AssessmentOptions options{.width = width, .only = {"mcv", "collision", "markov", "compression"}};
    const Assessment whole = assess(data, options);
    const Assessment parts = streamed(data, options, {.samples = 1000, .every = 100'000});
    REQUIRE(parts.estimates.size() == whole.estimates.size());
    for (std::size_t i = 0; i < whole.estimates.size(); ++i) {
      const Estimate& theirs = whole.estimates[i];
      const Estimate* ours = find_estimate(parts, theirs.id, theirs.view);
      REQUIRE(ours != nullptr);
      CHECK_FALSE(ours->window);
      if (theirs.id == "compression") {
        // Far distances are summed in another order.
        CHECK(ours->min_entropy == Approx(theirs.min_entropy).epsilon(1e-14));
      } else {
        check_same(*ours, theirs);
      }
    }
    CHECK(parts.min_entropy == Approx(whole.min_entropy).epsilon(1e-14));
    CHECK_FALSE(parts.windows);
  }
}

TEST_CASE("streamed: the others report their smallest window") {
  Symbols data = leaning(4, 60'000);
  // The third window holds a stretch that repeats: t-tuple and lrs must find it there.
  std::copy_n(data.begin() + 40'000, 200, data.begin() + 41'000);
  const Windows windows{.samples = 5000, .every = 20'000};
  const Assessment parts = streamed(data, {.width = 4}, windows);
  REQUIRE(parts.windows);
  CHECK(parts.windows->count == 3);
  for (const View view : {View::literal, View::bitstring}) {
    for (const std::string_view id : {"t-tuple", "lrs", "multi-mcw", "lag", "multi-mmc", "lz78y"}) {
      const Estimate* ours = find_estimate(parts, id, view);
      REQUIRE(ours != nullptr);
      REQUIRE(ours->window);
      CHECK(*ours->window % windows.every == 0);
      double least = 8;
      for (std::size_t first = 0; first < data.size(); first += windows.every) {
        const auto begin = data.begin() + static_cast<std::ptrdiff_t>(first);
        const Assessment window =
            assess(Symbols(begin, begin + static_cast<std::ptrdiff_t>(windows.samples)), {.width = 4});
        const Estimate* theirs = find_estimate(window, id, view);
        REQUIRE(theirs != nullptr);
        if (theirs->not_run.empty()) least = std::min(least, theirs->min_entropy);
        if (first == *ours->window) check_same(*ours, *theirs);
      }
      CHECK(ours->min_entropy == least);
    }
  }
  CHECK(find_estimate(parts, "lrs", View::literal)->window == 40'000U);
  CHECK(parts.binding() != nullptr);
  CHECK(to_json(parts)["windows"] == Json({{"samples", 5000}, {"every", 20'000}, {"count", 3}}));
  CHECK(table_of(parts).find("window at 40000") != std::string::npos);
  CHECK(explanation_of(parts, {}).find("3 windows") != std::string::npos);
}

TEST_CASE("streamed: a source stuck for one window has no entropy") {
  Symbols data = leaning(4, 30'000);
  std::fill_n(data.begin() + 10'000, 2000, std::uint8_t{7});
  const Assessment parts = streamed(data, {.width = 4}, {.samples = 2000, .every = 10'000});
  CHECK(parts.min_entropy == 0);
  CHECK(parts.binding()->window == 10'000U);
  CHECK(streamed(Symbols(5000, 3), {.width = 4}, {.samples = 2000, .every = 2000}).min_entropy == 0);
}

TEST_CASE("streamed: what cannot be is refused") {
  const auto code = [](const Symbols& data, const AssessmentOptions& options) {
    try {
      streamed(data, options, {.samples = 2000, .every = 4000});
    } catch (const Error& error) {
      return cli::exit_code(error.category());
    }
    return 0;
  };
  CHECK(code(Symbols(1999, 1), {.width = 1}) == 6);
  CHECK(code(Symbols(5000, 16), {.width = 4}) == 2);
  std::stop_source stop;
  stop.request_stop();
  CHECK(code(leaning(4, 5000), {.width = 4, .stop = stop.get_token()}) == 130);
}
