// SPDX-License-Identifier: Apache-2.0
#include "tests/stats/sp800_90b/known_answers.h"
#include "tests/test_paths.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>

namespace lightseed::sp800_90b {
namespace {

const std::string folder = lightseed::test::data_folder() + std::string("/sp800_90b/");

/// NIST's headings and our ids.
const std::map<std::string, std::string> ids{{"Most Common Value", "mcv"}, {"Collision", "collision"},
                                             {"Markov", "markov"},         {"Compression", "compression"},
                                             {"t-Tuple", "t-tuple"},       {"LRS", "lrs"},
                                             {"MultiMCW", "multi-mcw"},    {"Lag", "lag"},
                                             {"MultiMMC", "multi-mmc"},    {"LZ78Y", "lz78y"}};

const std::map<std::string, std::string> names{{"Mode count", "mode_count"},
                                               {"p-hat", "p_hat"},
                                               {"p_u", "p_u"},
                                               {"v", "v"},
                                               {"Sum t_i", "sum_t"},
                                               {"X-bar", "mean"},
                                               {"sigma-hat", "sigma"},
                                               {"X-bar'", "mean_bound"},
                                               {"p", "p"},
                                               {"P_0", "p_0"},
                                               {"P_1", "p_1"},
                                               {"P_{0,0}", "p_00"},
                                               {"P_{0,1}", "p_01"},
                                               {"P_{1,0}", "p_10"},
                                               {"P_{1,1}", "p_11"},
                                               {"p-hat_max", "p_max"},
                                               {"t", "t"},
                                               {"u", "u"},
                                               {"C", "correct"},
                                               {"r", "run"},
                                               {"N", "predictions"},
                                               {"P_global", "p_global"},
                                               {"P_global'", "p_global_bound"},
                                               {"P_local", "p_local"}};

const Estimate& find(const Assessment& ours, const std::string& id, const std::string& view) {
  const auto found = std::find_if(ours.estimates.begin(), ours.estimates.end(), [&](const Estimate& estimate) {
    return estimate.id == id && name_of(estimate.view) == view;
  });
  REQUIRE(found != ours.estimates.end());
  return *found;
}

void check(const Estimate& ours, const std::string& heading, const Json& expected) {
  std::size_t numbers = 0;
  for (const auto& [name, value] : expected.items()) {
    if (name == "note") continue;
    INFO(heading << " (" << name_of(ours.view) << "), " << name);
    if (name == "min entropy") {
      CHECK(ours.not_run.empty());
      CHECK(close_to(ours.min_entropy, number_of(value)));
      continue;
    }
    const std::string& key = names.at(name);
    const auto found = std::find_if(ours.numbers.begin(), ours.numbers.end(),
                                    [&](const auto& intermediate) { return intermediate.first == key; });
    REQUIRE(found != ours.numbers.end());
    ++numbers;
    if (const auto* integer = std::get_if<std::uint64_t>(&found->second)) {
      CHECK(*integer == value.get<std::uint64_t>());
    } else {
      CHECK(close_to(std::get<double>(found->second), number_of(value)));
    }
  }
  CHECK(numbers == ours.numbers.size());
}

}  // namespace

Json load_json(const std::string& name) {
  std::ifstream file(folder + name + ".json");
  REQUIRE(file);
  return Json::parse(file);
}

std::vector<std::uint8_t> load_symbols(const std::string& name, unsigned bits, std::size_t count) {
  std::ifstream file(folder + name + ".bin", std::ios::binary);
  REQUIRE(file);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(bytes.size() * 8 >= count * bits);
  std::vector<std::uint8_t> symbols(count);
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned byte = static_cast<std::uint8_t>(bytes[i * bits / 8]);
    symbols[i] = static_cast<std::uint8_t>(byte >> (8 - bits - i * bits % 8) & ((1U << bits) - 1));
  }
  return symbols;
}

void check_against_nist(const Assessment& ours, const Json& expected) {
  std::size_t estimators = 0;
  for (const std::string view : {"literal", "bitstring"}) {
    if (!expected.contains(view)) continue;
    for (const auto& [heading, values] : expected[view].items()) {
      check(find(ours, ids.at(heading), view), heading, values);
      ++estimators;
    }
  }
  const auto ran = std::count_if(ours.estimates.begin(), ours.estimates.end(),
                                 [](const Estimate& estimate) { return estimate.not_run.empty(); });
  CHECK(estimators == static_cast<std::size_t>(ran));
  CHECK(ours.h_bitstring.has_value() == expected.contains("H_bitstring"));
  if (ours.h_bitstring) CHECK(close_to(*ours.h_bitstring, number_of(expected["H_bitstring"])));
  CHECK(close_to(ours.h_original.value_or(-1), number_of(expected["H_original"])));
  CHECK(close_to(ours.min_entropy, number_of(expected["Assessed min entropy"])));
}

bool close_to(double ours, double expected) {
  return ours == expected || std::abs(ours - expected) <= 1e-10 * std::abs(expected);
}

double number_of(const Json& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

}  // namespace lightseed::sp800_90b
