// SPDX-License-Identifier: Apache-2.0
#include "driver/source_uri.h"

#include <catch2/catch.hpp>

#include "core/error.h"
#include "driver/registry.h"
#include "driver/simulated/models.h"

using namespace lightseed;

TEST_CASE("a source's name has a scheme, a path and parameters") {
  SourceUri uri = SourceUri::parse("sim:homodyne?seed=42&qcnr_db=9.5");
  CHECK(uri.scheme() == "sim");
  CHECK(uri.path() == "homodyne");
  CHECK(uri.take_count("seed", 0, 0, 100) == 42);
  CHECK(uri.take_number("qcnr_db", 0, 0, 20) == 9.5);
  CHECK(uri.take_text("fault", "none") == "none");
  CHECK_NOTHROW(uri.reject_unknown());
}

TEST_CASE("a parameter nobody knows is an error that lists the known ones") {
  SourceUri uri = SourceUri::parse("sim:x?sede=1");
  (void)uri.take_count("seed", 0, 0, 1);
  CHECK_THROWS_WITH(uri.reject_unknown(), Catch::Contains("sede") && Catch::Contains("seed"));
}

TEST_CASE("malformed names and values are usage errors") {
  for (const char* const text : {"", "homodyne", ":x", "sim:", "sim:?a=1", "sim:x?a", "sim:x?=1", "sim:x?a=1&a=2"}) {
    CHECK_THROWS_AS(SourceUri::parse(text), Error);
  }
  for (const char* const value : {"-1", "1e3", "", "x", "18446744073709551616", "5"}) {
    SourceUri uri = SourceUri::parse(std::string("sim:x?n=") + value);
    CHECK_THROWS_AS(uri.take_count("n", 0, 0, 4), Error);
  }
  for (const char* const value : {"nan", "inf", "1x", ""}) {
    SourceUri uri = SourceUri::parse(std::string("sim:x?n=") + value);
    CHECK_THROWS_AS(uri.take_number("n", 0, 0, 4), Error);
  }
}

TEST_CASE("the registry names what it knows when asked for something else") {
  SourceRegistry sources;
  simulated::add_models(sources);
  CHECK_THROWS_WITH(sources.open("sim:heterodyne"), Catch::Contains("sim:homodyne"));
  CHECK_THROWS_WITH(sources.open("sim:homodyne?nonsense=1"), Catch::Contains("nonsense"));
  CHECK_THROWS_WITH(sources.open("sim:homodyne?fault=melted"), Catch::Contains("stuck, bias, dead"));
  CHECK_THROWS_AS(sources.open("sim:homodyne?fault=stuck@soon"), Error);
}

TEST_CASE("characters that mean something are written as %XX, and read as themselves") {
  const auto uri = SourceUri::parse("file:what%3F%2Cwhen 100%25.bin?note=a%26b");
  CHECK(uri.path() == "what?,when 100%.bin");
  CHECK(SourceUri(uri).take_text("note", "") == "a&b");
  CHECK(uri.with_path("a?b") == "file:a%3Fb?note=a%26b");
  for (const std::string text : {"plain", "a?b&c,d%e#f", "/dev/ttyACM0", "%41"}) {
    CHECK(SourceUri::parse("file:" + SourceUri::encoded(text)).path() == text);
  }
  // A pool takes its list apart before anything in it is decoded.
  CHECK(SourceUri::parse("pool:file:a%2Cb,file:c").path() == "file:a%2Cb,file:c");
}

TEST_CASE("a '%' that stands for nothing printable is refused") {
  for (const char* text :
       {"file:100%", "file:%4", "file:%zz", "file:a%00b", "file:a%0Ab", "file:%7F", "file:a?x=%1b"}) {
    INFO(text);
    CHECK_THROWS_AS(SourceUri::parse(text), Error);
  }
}
