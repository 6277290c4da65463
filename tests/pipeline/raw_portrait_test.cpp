// SPDX-License-Identifier: Apache-2.0
#include "pipeline/raw_portrait.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "core/error.h"
#include "driver/modelled.h"
#include "driver/registry.h"
#include "driver/simulated/models.h"

namespace lightseed {
namespace {

/// A source of two-bit or wider codes whose model says what the test wants.
class Stated final : public Source, public Modelled {
 public:
  Stated(unsigned bits, std::optional<ModelLaw> law) : law_(std::move(law)) {
    info_.format = {.bits = bits, .container_bits = bits > 8 ? 16U : 8U};
  }
  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override {}
  [[nodiscard]] Read read(std::span<std::byte>, const Patience&) override { return {}; }
  void stop() noexcept override {}
  [[nodiscard]] std::optional<ModelLaw> law() const override { return law_; }

 private:
  SourceInfo info_{};
  std::optional<ModelLaw> law_;
};

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values)
    bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

TEST_CASE("raw samples are counted beside what the model has of as many") {
  const Stated source(2, ModelLaw{.shares = {0.1, 0.2, 0.3, 0.4}});
  const RawPortrait portrait = raw_portrait_of(bytes_of({0, 1, 1, 3, 3, 3, 3, 3, 3, 3}), source);
  CHECK(portrait.seen.histogram == std::vector<std::uint64_t>{1, 2, 0, 7});
  CHECK(portrait.codes_a_range == 1);
  REQUIRE(portrait.expected.size() == 4);
  for (std::size_t k = 0; k < 4; ++k)
    CHECK(portrait.expected[k] == Approx(static_cast<double>(k + 1)));
  CHECK(to_json(portrait)["expected"].size() == 4);
  CHECK(to_json(portrait)["histogram"] == Json({1, 2, 0, 7}));
}

TEST_CASE("where there are more codes than ranges, both are summed over the same ranges") {
  std::vector<double> law(256);
  law[5] = 0.25;
  law[6] = 0.25;
  law[255] = 0.5;
  const Stated source(8, ModelLaw{.shares = law, .counted_on = 1e6});
  const RawPortrait portrait = raw_portrait_of(bytes_of({4, 7, 252, 255}), source);
  CHECK(portrait.codes_a_range == 4);
  REQUIRE(portrait.expected.size() == 64);
  CHECK(portrait.seen.histogram[1] == 2);
  CHECK(portrait.expected[1] == Approx(2));
  CHECK(portrait.seen.histogram[63] == 2);
  CHECK(portrait.expected[63] == Approx(2));
  CHECK(portrait.counted_on == 1e6);
}

TEST_CASE("a model that says nothing, or of other codes, is none") {
  const auto raw = bytes_of({0, 1, 2, 3});
  CHECK(raw_portrait_of(raw, Stated(2, std::nullopt)).expected.empty());
  CHECK(raw_portrait_of(raw, Stated(2, ModelLaw{.shares = {0.5, 0.5}})).expected.empty());
  CHECK_FALSE(to_json(raw_portrait_of(raw, Stated(2, std::nullopt))).contains("expected"));
  CHECK_THROWS_AS(raw_portrait_of(bytes_of({9}), Stated(2, std::nullopt)), Error);
}

TEST_CASE("samples of each simulated source follow the law it states") {
  SourceRegistry registry;
  simulated::add_models(registry);
  for (const simulated::ModelKind& kind : simulated::models()) {
    CAPTURE(kind.name);
    const auto source = registry.open(kind.name + "?seed=3");
    source->start({});
    std::vector<std::byte> raw(source->info().format.bytes_for(200'000));
    std::size_t filled = 0;
    while (filled < raw.size()) {
      const Read read = source->read(std::span(raw).subspan(filled), {});
      REQUIRE(read.state == ReadState::ok);
      filled += read.bytes;
    }
    const RawPortrait portrait = raw_portrait_of(raw, *source);
    REQUIRE_FALSE(portrait.expected.empty());
    const auto samples = static_cast<double>(portrait.seen.samples);
    CHECK(std::accumulate(portrait.expected.begin(), portrait.expected.end(), 0.0) == Approx(samples));
    // Total variation: samples with memory wander further than independent ones, and far less than another law would.
    double apart = 0;
    for (std::size_t k = 0; k < portrait.expected.size(); ++k)
      apart += std::abs(static_cast<double>(portrait.seen.histogram[k]) - portrait.expected[k]) / (2 * samples);
    CHECK(apart < 0.02);
  }
}

}  // namespace
}  // namespace lightseed
