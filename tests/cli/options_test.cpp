// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <catch2/catch.hpp>

#include "core/error.h"

namespace lightseed::cli {
namespace {

using Words = std::vector<std::string>;

const std::vector<Option>& table() {
  static const std::vector<Option> options{{.name = "file", .value = "FILE", .many = true},
                                           {.name = "output", .letter = 'o', .value = "FILE", .required = true},
                                           {.name = "threads", .value = "N", .fallback = "0"},
                                           {.name = "order", .value = "ORDER", .choices = {"msb", "lsb"}},
                                           {.name = "whole"}};
  return options;
}

Options parse(const Words& arguments) {
  return {table(), {"file"}, arguments};
}

TEST_CASE("options are read in every usual form") {
  const Options options = parse({"a", "--output", "x", "-", "--threads=3", "--whole", "--", "--strange"});
  CHECK(options.texts("file") == Words{"a", "-", "--strange"});
  CHECK(options.text("output") == "x");
  CHECK(options.count("threads", {0, 256}) == 3);
  CHECK(options.has("whole"));
  CHECK_FALSE(options.has("order"));
  CHECK(parse({"-o", "x"}).text("output") == "x");
  CHECK(parse({"-ox"}).text("output") == "x");
  CHECK(parse({"--output=", "-q"}).text("output").empty());
  CHECK(parse({"-q"}).has("quiet"));
  // A value may look like a negative number or like an option's letter, but not be a known option.
  CHECK(parse({"--threads", "-1"}).text("threads") == "-1");
  CHECK(parse({"--output", "-"}).text("output") == "-");
}

TEST_CASE("an option that may stand alone takes what follows only where it is a number") {
  static const std::vector<Option> options{{.name = "file", .value = "FILE", .many = true},
                                           {.name = "wait", .value = "[SECONDS]"}};
  const auto read = [](const Words& arguments) { return Options(options, {"file"}, arguments); };
  CHECK(read({"--wait"}).has("wait"));
  CHECK(read({"--wait"}).text("wait").empty());
  CHECK(read({"--wait", "60"}).text("wait") == "60");
  CHECK(read({"--wait=60", "a"}).text("wait") == "60");
  CHECK_THROWS_AS(read({"--wait="}), Error);
  const Options before_a_file = read({"--wait", "order.csv"});
  CHECK(before_a_file.text("wait").empty());
  CHECK(before_a_file.texts("file") == Words{"order.csv"});
  CHECK(read({"--wait", "--json"}).has("json"));
  CHECK_FALSE(read({"a"}).has("wait"));
}

TEST_CASE("an option that may stand alone and has choices takes what follows only where it is one of them") {
  static const std::vector<Option> options{
      {.name = "directory", .value = "DIR"},
      {.name = "kind", .value = "[KIND]", .many = true, .choices = {"sm2", "ed25519"}}};
  const auto read = [](const Words& arguments) { return Options(options, {"directory"}, arguments); };
  CHECK(read({"trial", "--kind"}).texts("kind") == Words{""});
  CHECK(read({"--kind", "trial"}).text("directory") == "trial");
  CHECK(read({"--kind", "sm2", "trial"}).texts("kind") == Words{"sm2"});
  CHECK(read({"--kind", "--kind=ed25519", "trial"}).texts("kind") == Words{"", "ed25519"});
  CHECK(read({"trial", "--kind", "--json"}).has("json"));
  CHECK_THROWS_WITH(read({"--kind=", "trial"}), Catch::Contains("sm2, ed25519"));
  CHECK_THROWS_WITH(read({"--kind=dsa", "trial"}), Catch::Contains("sm2, ed25519"));
  CHECK_THROWS_AS(read({"trial", "--kind", "dsa"}), Error);
}

TEST_CASE("a fallback is there without being given") {
  const Options options = parse({});
  CHECK(options.text("threads") == "0");
  CHECK(options.has("threads"));
  CHECK_FALSE(options.given("threads"));
  CHECK(options.text_or("order", "none") == "none");
  CHECK_THROWS_AS(options.text("order"), Error);
}

TEST_CASE("what is wrong with an option is said") {
  CHECK_THROWS_WITH(parse({"--ouput", "x"}), "unrecognised option '--ouput'; did you mean --output");
  CHECK_THROWS_WITH(parse({"--out", "x"}), Catch::StartsWith("unrecognised option '--out'"));
  CHECK_THROWS_WITH(parse({"--nothing-like-it=3"}), "unrecognised option '--nothing-like-it'");
  CHECK_THROWS_WITH(parse({"-z"}), "unrecognised option '-z'");
  CHECK_THROWS_WITH(parse({"--output"}), "--output needs a value: FILE");
  CHECK_THROWS_WITH(parse({"--output", "--whole"}), "--output needs a value: FILE");
  CHECK_THROWS_WITH(parse({"--whole=yes"}), "--whole takes no value");
  CHECK_THROWS_WITH(parse({"-o", "a", "-o", "b"}), "--output is given twice");
  CHECK_THROWS_WITH(parse({"--order", "middle"}), "--order middle: expected msb, lsb");
  CHECK_THROWS_WITH(parse({"a"}).require(), "this needs --output FILE as well");
  CHECK_THROWS_WITH(Options(table(), {}, {"a"}), "what is 'a' for? There is no place for it here");
  CHECK_THROWS_WITH(Options(table(), {"output"}, {"a", "b"}), "'b' is one argument too many");
}

}  // namespace
}  // namespace lightseed::cli
