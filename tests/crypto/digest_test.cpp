// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <set>

#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "tests/scratch.h"

using namespace lightseed;

TEST_CASE("SHA-256 of the FIPS 180 example, at once and in parts") {
  const char* const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(hex(Sha256().update("abc").digest()) == expected);
  Sha256 hash;
  hash.update("a");
  (void)hash.digest();  // a digest in between changes nothing
  CHECK(hex(hash.update("bc").digest()) == expected);
}

TEST_CASE("SHA-256 of a file: a pipe that stands in its place is refused, not waited for") {
  const test::Scratch scratch;
  const std::string pipe = (scratch / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_AS(sha256_of_file(pipe), Error);
  CHECK_THROWS_AS(sha256_of_file((scratch / "missing").string()), Error);
}

TEST_CASE("UUIDs of version 7 differ and have their form") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string id = uuid_v7();
    CHECK(id.size() == 36);
    CHECK(id[14] == '7');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
    CHECK(seen.insert(id).second);
  }
}

TEST_CASE("moments are written in UTC") {
  CHECK(utc_text(0) == "1970-01-01T00:00:00Z");
}
