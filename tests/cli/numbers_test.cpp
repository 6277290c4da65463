// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>

#include "cli/numbers.h"
#include "core/error.h"

namespace lightseed::cli {
namespace {

std::string refusal_of_count(const std::string& text, CountRange range = {}) try {
  return "taken as " + std::to_string(parse_count("n", text, range));
} catch (const Error& error) {
  CHECK(error.category() == Category::usage);
  return error.what();
}

std::string refusal_of_number(const std::string& text, NumberRange range) try {
  return "taken as " + std::to_string(parse_number("h", text, range));
} catch (const Error& error) {
  CHECK(error.category() == Category::usage);
  return error.what();
}

TEST_CASE("counts have units") {
  CHECK(parse_count("n", "1000") == 1000);
  CHECK(parse_count("n", "64K") == 64'000);
  CHECK(parse_count("n", "16M") == 16'000'000);
  CHECK(parse_count("n", "2G") == 2'000'000'000);
  CHECK(parse_count("n", "4Ki") == 4096);
  CHECK(parse_count("n", "1Mi") == 1U << 20);
  CHECK(parse_count("n", "0", {0}) == 0);
  CHECK(parse_count("n", "18446744073709551615") == UINT64_MAX);
}

TEST_CASE("what is no count is refused, with what is expected") {
  for (const char* text : {"",
                           "-1",
                           "+1",
                           "0",
                           "1.5",
                           "1e3",
                           "nan",
                           "inf",
                           "12x",
                           "1KK",
                           "1iK",
                           "i",
                           "K",
                           " 1",
                           "1 ",
                           "0x10",
                           "18446744073709551616",
                           "18446744073709552K",
                           "-18446744073709551615",
                           "１"}) {
    CAPTURE(text);
    CHECK(refusal_of_count(text) ==
          "--n " + std::string(text) + ": expected a count above 0, such as 1000, 64K, 16M or 4Ki");
  }
  CHECK(refusal_of_count("257", {0, 256}) == "--n 257: expected a count from 0 to 256");
  CHECK(refusal_of_count("1G", {0, 256}) == "--n 1G: expected a count from 0 to 256");
  CHECK(refusal_of_count("-1", {0}) == "--n -1: expected a count of 0 or more, such as 1000, 64K, 16M or 4Ki");
}

TEST_CASE("what is no number is refused, with its range") {
  CHECK(parse_number("h", "6.4", {0, 16}) == 6.4);
  CHECK(parse_number("h", "16", {0, 16}) == 16);
  CHECK(parse_number("h", "0", {0, 16}) == 0);
  for (const char* text : {"nan", "NaN", "-nan", "inf", "-inf", "1e999", "", "x", "6,4", "6.4 ", "-1", "16.0001"}) {
    CAPTURE(text);
    CHECK(refusal_of_number(text, {0, 16}) == "--h " + std::string(text) + ": expected a number from 0 to 16");
  }
  CHECK(refusal_of_number("0", {0, 1, true}) == "--h 0: expected a number above 0 and up to 1");
}

TEST_CASE("a probability is a power of two or a decimal") {
  CHECK(parse_log2_probability("epsilon", "2^-64", {-1000, -32}) == -64);
  CHECK(parse_log2_probability("epsilon", "2^-64.5", {-1000, -32}) == -64.5);
  CHECK(parse_log2_probability("epsilon", "1e-20", {-1000, -32}) == Approx(std::log2(1e-20)));
  for (const char* text :
       {"-64", "2^64", "2^-31", "2^-1001", "0", "0.5", "1", "nan", "2^nan", "2^-inf", "2^", "", "-1e-20"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(
        parse_log2_probability("epsilon", text, {-1000, -32}),
        "--epsilon " + std::string(text) + ": expected a probability from 2^-1000 to 2^-32, such as 2^-64 or 1e-20");
  }
}

}  // namespace
}  // namespace lightseed::cli
