// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "cli/exit_code.h"
#include "core/error.h"
#include "tests/stats/sp800_90b/generators.h"
#include "tests/stats/sp800_90b/known_answers.h"

using namespace lightseed;
using namespace lightseed::sp800_90b;

namespace {

/// Assesses the data of every non-IID entry of that width, and checks each number NIST's tool printed.
void check_entries(unsigned width, bool large) {
  std::size_t entries = 0;
  const Json known = load_json("known-answers");
  for (const Json& entry : known["entries"]) {
    const std::string id = entry["id"];
    const Json& input = entry["input"];
    const std::size_t samples = input["samples"];
    if (id.ends_with("-iid") || input["bits_per_symbol"] != width || (samples > 100'000) != large) continue;
    INFO(id);
    // "sp800-90b/NAME.bin", or computable: "pi-8bit-1M"
    const std::string name = input.contains("file") ? input["file"].get<std::string>().substr(10) : id;
    const std::string file = input.contains("file") ? name.substr(0, name.size() - 4) : id.substr(0, id.find('-'));
    const auto symbols = load_symbols(file, width, samples);
    check_against_nist(assess(symbols, {.width = width}), entry["expected"]);
    ++entries;
  }
  CHECK(entries > 0);
}

}  // namespace

TEST_CASE("non-IID: NIST's short files") {
  for (const unsigned width : {1U, 4U, 8U})
    check_entries(width, false);
}

TEST_CASE("non-IID: a million bits") {
  check_entries(1, true);
}

TEST_CASE("non-IID: a million 4-bit samples") {
  check_entries(4, true);
}

TEST_CASE("non-IID: a million 8-bit samples") {
  check_entries(8, true);
}

TEST_CASE("non-IID: photon models and their faults") {
  const Json known = load_json("own-data");
  const auto data = generated_data();
  for (const Json& entry : known["entries"]) {
    const std::string id = entry["id"];
    INFO(id);
    const auto found = std::find_if(data.begin(), data.end(), [&](const Generated& one) { return one.name == id; });
    REQUIRE(found != data.end());
    check_against_nist(assess(found->samples, {.width = found->width}), entry["expected"]);
  }
  CHECK(known["entries"].size() + 1 == data.size());  // all but uniform-1bit-6011, see below
}

// NIST's tool divides by zero here and reports no entropy at all; one block says nothing, so we do not run.
TEST_CASE("non-IID: compression needs two blocks to test") {
  const auto data = generated_data();
  const auto found =
      std::find_if(data.begin(), data.end(), [](const Generated& one) { return one.name == "uniform-1bit-6011"; });
  REQUIRE(found != data.end());
  const auto result = assess(found->samples, {.width = 1, .only = {"compression"}});
  REQUIRE(result.estimates.size() == 1);
  CHECK(result.estimates[0].not_run == "it needs 6012 samples or more");
}

TEST_CASE("non-IID: constant data have no entropy and too little is refused") {
  for (const std::uint8_t value : std::vector<std::uint8_t>{0, 1, 255}) {
    const auto result = assess(std::vector<std::uint8_t>(5000, value), {.width = 8});
    CHECK(result.min_entropy == 0);
    CHECK(result.alphabet == 1);
    CHECK(to_json(result)["binding"].is_null());
  }
  const auto code = [](std::size_t samples, std::uint8_t value, const AssessmentOptions& options) {
    try {
      assess(std::vector<std::uint8_t>(samples, value), options);
    } catch (const Error& error) {
      return cli::exit_code(error.category());
    }
    return 0;
  };
  CHECK(code(0, 0, {}) == 6);
  CHECK(code(999, 0, {}) == 6);
  CHECK(code(1000, 16, {.width = 4}) == 2);
  CHECK(code(1000, 0, {.width = 9}) == 2);
  CHECK(code(1000, 0, {.width = 0}) == 2);
  CHECK(code(1000, 0, {.only = {"lags"}}) == 2);
}

TEST_CASE("non-IID: threads, choice of estimators and the bit string alone") {
  Random random(1);
  std::vector<std::uint8_t> data(20000);
  for (auto& x : data)
    x = static_cast<std::uint8_t>(random.below(200));
  std::size_t told = 0;
  const auto one = assess(data, {.threads = 1});
  const auto three = assess(data, {.threads = 3, .progress = [&](std::size_t done, std::size_t of) {
                                     ++told;
                                     CHECK(done == told);
                                     CHECK(of == 15);
                                   }});
  CHECK(told == 15);
  CHECK(to_json(one) == to_json(three));

  const auto some = assess(data, {.only = {"lrs", "markov"}});
  REQUIRE(some.estimates.size() == 3);
  CHECK(some.estimates[0].id == "lrs");
  CHECK(some.estimates[1].id == "markov");
  CHECK_FALSE(some.complete);

  const auto conditioned = assess(data, {.view = View::bitstring, .bit_limit = 100'003});
  CHECK_FALSE(conditioned.h_original);
  CHECK(conditioned.estimates.size() == 10);
  std::vector<std::uint8_t> bits(100'003);
  for (std::size_t i = 0; i < bits.size(); ++i)
    bits[i] = static_cast<std::uint8_t>(data[i / 8] >> (7 - i % 8) & 1);
  CHECK(conditioned.h_bitstring == assess(bits, {.width = 1}).h_original);

  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(assess(data, {.stop = stop.get_token()}), Error);
}
