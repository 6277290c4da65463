// SPDX-License-Identifier: Apache-2.0
#include "evidence/object_reader.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "evidence/json_text.h"
#include "tests/category_of.h"

using namespace lightseed;
using Catch::Contains;

namespace {

/// What is said when `text` is parsed as a record with one count.
std::string said_of(const std::string& text, const JsonLimits& limits = {}) {
  try {
    const Json json = parse_json(text, "record", limits);
    ObjectReader reader(json, "a");
    (void)reader.count("n", 1, 100);
    reader.finish();
  } catch (const Error& error) {
    CHECK(error.category() == Category::malformed);
    return error.what();
  }
  return "fine";
}

}  // namespace

TEST_CASE("a count is a whole number in its range, written as one") {
  CHECK(said_of(R"({"n":3})") == "fine");
  for (const char* const bad : {R"({"n":3.0})", R"({"n":-1})", R"({"n":1e2})", R"({"n":"3"})", R"({"n":null})",
                                R"({"n":true})", R"({"n":[3]})", R"({"n":18446744073709551616})"}) {
    CHECK_THAT(said_of(bad), Contains("a.n"));
  }
  CHECK_THAT(said_of(R"({"n":101})"), Contains("a.n: 101 is not from 1 to 100"));
}

TEST_CASE("members that are missing, unknown or there twice are named") {
  CHECK_THAT(said_of("{}"), Contains("a.n: it is missing"));
  CHECK_THAT(said_of(R"({"n":3,"m":4})"), Contains("a.m: nobody knows"));
  CHECK_THAT(said_of(R"({"n":3,"n":3})"), Contains("\"n\" stands twice"));
  CHECK_THAT(said_of(R"({"n":3,"\u006e":3})"), Contains("\"n\" stands twice"));
}

TEST_CASE("hostile texts are refused before anything is built of them") {
  CHECK_THAT(said_of(std::string(1000, '[')), Contains("deeper than 32"));
  CHECK_THAT(said_of(std::string(1000, ' ') + "{}", {.bytes = 100}), Contains("more than the 100"));
  CHECK_THAT(said_of("\xEF\xBB\xBF{}"), Contains("byte order mark"));
  CHECK_THAT(said_of("{\"n\":\"\xFF\"}"), Contains("no JSON from byte"));
  CHECK_THAT(said_of("{\"n\":1e999}"), Contains("record: "));
  CHECK_THAT(said_of("{\"n\":1} {}"), Contains("no JSON from byte"));
  CHECK_THAT(said_of("NaN"), Contains("no JSON"));
  std::string many = "{\"n\":3";
  for (int i = 1; i < 1024; ++i)
    many += ",\"m" + std::to_string(i) + "\":0";
  CHECK_THAT(said_of(many + "}"), Contains("nobody knows"));
  CHECK_THAT(said_of(many + ",\"o\":0}"), Contains("more than 1024 members"));
  CHECK_THAT(said_of("[1]"), Contains("a: it is no object"));
}

TEST_CASE("text that is not UTF-8 is printed, not thrown at") {
  CHECK(json_text(Json{{"file", "a\xFF"}}) == "{\"file\":\"a\xEF\xBF\xBD\"}");
}
