// SPDX-License-Identifier: Apache-2.0
#include "entropy/condition/output_entropy.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <string>

#include "core/error.h"
#include "tests/test_paths.h"

using namespace lightseed;

namespace {

/// n minus a decimal such as "255.9999999999999179961": subtracted digit by digit, as a double would lose the end.
double deficit_of(const std::string& decimal, double n) {
  const std::size_t dot = decimal.find('.');
  const double whole = std::stod(decimal.substr(0, dot));
  double missing = n - whole;
  if (dot == std::string::npos) return missing;
  const std::string digits = decimal.substr(dot + 1);
  std::string complement;  // 1 - 0.digits, exact in decimal
  for (const char digit : digits)
    complement += static_cast<char>('0' + ('9' - digit));
  missing -= 1;
  return missing + std::stod("0." + complement) + std::pow(10, -static_cast<double>(digits.size()));
}

}  // namespace

TEST_CASE("Output_Entropy agrees with NIST's tool to the last place it prints") {
  std::ifstream file(lightseed::test::data_folder() + std::string("/conditioning/output_entropy.json"));
  const Json known = Json::parse(file);
  std::size_t checked = 0;
  for (const Json& entry : known.at("entries")) {
    const Conditioning sizes{entry.at("n_in"), entry.at("n_out"), entry.at("nw"), entry.at("h_in")};
    INFO(entry.dump());
    const ConditionedEntropy vetted = vetted_output_entropy(sizes);
    const double n = std::min(sizes.n_out, sizes.nw);
    const double expected = deficit_of(entry.at("Output_Entropy").get<std::string>(), n);
    CHECK(std::abs(std::exp2(vetted.log2_deficit) - expected) <= 1e-15 + 1e-12 * expected);  // the tool's own precision
    const ConditionedEntropy out =
        entry.at("vetted").get<bool>() ? vetted : non_vetted_output_entropy(sizes, entry.at("h'_per_bit"));
    CHECK(std::abs(out.h_out - std::stod(entry.at("h_out").get<std::string>())) <= 3e-14);  // half a place of 256
    if (entry.contains("log2_epsilon_vs_n_out")) {
      CHECK(vetted.log2_epsilon_per_bit ==
            Approx(std::stod(entry.at("log2_epsilon_vs_n_out").get<std::string>())).epsilon(1e-14));
    }
    if (entry.contains("log2_epsilon_vs_nw")) {
      CHECK(vetted.log2_deficit - std::log2(sizes.nw) ==
            Approx(std::stod(entry.at("log2_epsilon_vs_nw").get<std::string>())).epsilon(1e-14));
    }
    if (entry.contains("log2_epsilon_vs_h_in")) {
      CHECK(vetted.log2_deficit_of_input - std::log2(sizes.h_in) ==
            Approx(std::stod(entry.at("log2_epsilon_vs_h_in").get<std::string>())).epsilon(1e-14));
    }
    ++checked;
  }
  CHECK(checked == 13);
}

TEST_CASE("Output_Entropy where double arithmetic gives nonsense") {
  // Values from 900-digit decimal arithmetic.
  CHECK(vetted_output_entropy({512, 256, 256, 256}).h_out == Approx(255.0).epsilon(1e-15));
  CHECK(std::exp2(vetted_output_entropy({512, 256, 256, 320}).log2_deficit) == Approx(7.821e-20).epsilon(1e-3));
  CHECK(std::exp2(vetted_output_entropy({4096, 256, 256, 512}).log2_deficit) == Approx(1.246e-77).epsilon(1e-3));
  CHECK(vetted_output_entropy({2048, 1024, 1024, 1024}).h_out == Approx(1023.0).epsilon(1e-15));
  CHECK(non_vetted_output_entropy({2048, 1024, 1024, 1024}, 1).h_out == Approx(1022.976).epsilon(1e-15));
  CHECK(std::exp2(vetted_output_entropy({256, 128, 128, 192}).log2_deficit) == Approx(1.042e-18).epsilon(1e-3));
  CHECK(vetted_output_entropy({128, 128, 128, 64}).h_out == Approx(64.0).epsilon(1e-15));
}

TEST_CASE("Output_Entropy agrees with its formula where double arithmetic is good enough") {
  for (unsigned n_in = 4; n_in <= 24; n_in += 5) {
    for (unsigned n_out = 2; n_out <= 26; n_out += 4) {
      for (double h = 0.25; h <= n_in; h += 0.83) {
        const unsigned nw = n_out + (n_in % 3) - 1;
        const double n = std::min({n_out, nw, n_in});
        const double p_high = std::exp2(-h);
        const double p_low = (1 - p_high) / (std::exp2(n_in) - 1);
        const double psi = std::exp2(n_in - n) * p_low + p_high;
        const double u = std::exp2(n_in - n) + std::sqrt(2 * n * std::exp2(n_in - n) * std::log(2));
        const double expected = -std::log2(std::max(psi, u * p_low));
        INFO(n_in << " " << n_out << " " << nw << " " << h);
        const double h_out = vetted_output_entropy({n_in, n_out, nw, h}).h_out;
        CHECK(h_out == Approx(std::max(expected, 0.0)).margin(1e-9));
        CHECK(h_out <= h);
      }
    }
  }
}

TEST_CASE("no more comes out of a component than went in, however wide it is") {
  for (const unsigned n_in : {1U, 2U, 8U, 64U, 127U, 128U, 255U, 256U, 1000U}) {
    for (const unsigned n_out : {1U, 64U, 128U, 256U, 512U}) {
      for (const unsigned nw : {64U, 256U, 1600U}) {
        for (const double share : {0.01, 0.5, 0.99, 1.0}) {
          const Conditioning sizes{n_in, n_out, nw, share * n_in};
          INFO(n_in << " " << n_out << " " << nw << " " << sizes.h_in);
          CHECK(vetted_output_entropy(sizes).h_out <= sizes.h_in);
          CHECK(non_vetted_output_entropy(sizes, 1).h_out <= sizes.h_in);
          CHECK(vetted_output_entropy(sizes).h_out <= n_out);
        }
      }
    }
  }
  // As if the component were 64 bits wide: omega = (1 + sqrt(2 64 ln 2)) 2^-64.
  CHECK(vetted_output_entropy({64, 256, 256, 63}).h_out ==
        Approx(64 - std::log2(1 + std::sqrt(128 * std::log(2.0)))).epsilon(1e-12));
}

TEST_CASE("full entropy needs 64 bits more than the output, and an internal width not below it") {
  CHECK(gives_full_entropy({512, 256, 256, 320}));
  CHECK_FALSE(gives_full_entropy({512, 256, 256, 319.9}));
  CHECK_FALSE(gives_full_entropy({1024, 512, 256, 600}));
}

TEST_CASE("sizes and entropies that make no sense are refused") {
  CHECK_THROWS_AS(vetted_output_entropy({0, 256, 256, 1}), Error);
  CHECK_THROWS_AS(vetted_output_entropy({256, 256, 256, 256.1}), Error);
  CHECK_THROWS_AS(vetted_output_entropy({256, 256, 256, 0}), Error);
  CHECK_THROWS_AS(vetted_output_entropy({256, 256, 256, std::nan("")}), Error);
  CHECK_THROWS_AS(non_vetted_output_entropy({256, 256, 256, 1}, 1.1), Error);
}
