// SPDX-License-Identifier: Apache-2.0
#include "evidence/extraction_record.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"

using namespace lightseed;

namespace {

ExtractionRecord any_record() {
  ExtractionRecord record{.extractor = "modified-toeplitz",
                          .block_bits = 16384,
                          .bits_per_sample = 6.25,
                          .wanted_bits = 100'000,
                          .log2_epsilon_limit = -64.5,
                          .input_bits = 16384,
                          .output_bits = 12608,
                          .samples = 2048,
                          .min_entropy = 12800,
                          .blocks = 8,
                          .log2_epsilon_block = -67.5};
  record.seed = {.bits = 16384, .sha256 = std::string(64, 'a')};
  record.epsilon = {.limit_log2 = -64.5,
                    .total_log2 = -64.5,
                    .blocks = 8,
                    .charges = {{.what = EpsilonRecord::Charge::What::blocks, .log2_epsilon = -67.5, .count = 8}}};
  return record;
}

std::string failure_of(const Json& json) {
  try {
    static_cast<void>(extraction_record_from({json, "extraction"}));
  } catch (const Error& e) {
    CHECK(e.category() == Category::malformed);
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an extraction record is read back as it was written") {
  ExtractionRecord record = any_record();
  CHECK(extraction_record_from({to_json(record), "extraction"}) == record);
  record.seed.origin = ExtractorSeedRecord::Origin::second_source;
  record.seed.source = "tty:/dev/ttyACM0";
  record.seed.log2_epsilon = -80;
  record.epsilon.charges.push_back({.what = EpsilonRecord::Charge::What::seed, .log2_epsilon = -80, .count = 1});
  record.epsilon.total_log2.reset();
  CHECK(extraction_record_from({Json::parse(to_json(record).dump()), "extraction"}) == record);
}

TEST_CASE("every member of an extraction record is missed, and everything that cannot be is named by its path") {
  const Json honest = to_json(any_record());
  for (const auto& [name, value] : honest.items()) {
    Json partial = honest;
    partial.erase(name);
    CHECK(failure_of(partial).find("extraction." + name) == 0);
    Json wrong = honest;
    wrong[name] = Json::array();
    CHECK(failure_of(wrong).find("extraction." + name) == 0);
  }
  const std::pair<const char*, Json> lies[] = {
      {"/blocks", 1.5},
      {"/blocks", -1},
      {"/blocks", 0},
      {"/wanted_bits", 0},
      {"/input_bits", (std::uint64_t{1} << 32) + 1},
      {"/bits_per_sample", 17},
      {"/log2_epsilon_limit", 1},
      {"/log2_epsilon_block", -5000},
      {"/more", true},
      {"/seed/origin", "the raw data itself"},
      {"/seed/source", "sim:homodyne"},
      {"/seed/bits", 0},
      {"/seed/sha256", std::string(64, 'A')},
      {"/seed/sha256", std::string(63, 'a')},
      {"/seed/more", 1},
      {"/epsilon/charges/0/what", "gifts"},
      {"/epsilon/charges/0/count", "8"},
      {"/epsilon/charges/0/log2_epsilon", 0.5},
      {"/epsilon/charges/0/more", 0},
      {"/epsilon/blocks", -8},
      {"/epsilon/limit_log2", nullptr},
  };
  for (const auto& [where, lie] : lies) {
    CAPTURE(where, lie.dump());
    Json told = honest;
    told[Json::json_pointer(where)] = lie;
    CHECK(failure_of(told).find("extraction.") == 0);
  }
}
