#include <catch2/catch.hpp>
#include <string>

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
