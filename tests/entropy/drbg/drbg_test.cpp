// SPDX-License-Identifier: Apache-2.0
#include "entropy/drbg/drbg.h"
#include "core/hex.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "crypto/digest.h"
#include "tests/from_hex.h"
#include "tests/test_paths.h"

using namespace lightseed;
using test::bytes_from_hex;

namespace {

using Bytes = std::vector<std::byte>;

}  // namespace

TEST_CASE("DRBGs give NIST's known answers") {
  std::ifstream file(lightseed::test::data_folder() + std::string("/drbg/cavp.json"));
  const Json known = Json::parse(file);
  std::set<std::string> seen;
  for (const Json& entry : known.at("entries")) {
    const auto bytes = [&](const char* member) { return bytes_from_hex(entry.at(member).get<std::string>()); };
    INFO(entry.dump());
    Drbg drbg(entry.at("drbg").get<std::string>(), bytes("entropy"), bytes("nonce"), bytes("personalization"));
    if (!bytes("reseed_entropy").empty()) drbg.reseed(bytes("reseed_entropy"), bytes("reseed_additional"));
    Bytes out(bytes("output").size());
    drbg.generate(out, bytes("additional_a"));
    drbg.generate(out, bytes("additional_b"));
    CHECK(hex(out) == entry.at("output").get<std::string>());
    seen.insert(drbg.name());
  }
  CHECK(seen.size() == Drbg::names().size());
}

TEST_CASE("DRBGs give the answers of NIST's ACVP server, with and without prediction resistance") {
  std::ifstream file(lightseed::test::data_folder() + std::string("/drbg/acvp.json"));
  const Json known = Json::parse(file);
  std::set<std::pair<std::string, bool>> seen;
  for (const Json& entry : known.at("entries")) {
    const auto bytes = [](const Json& of, const char* member) {
      return bytes_from_hex(of.at(member).get<std::string>());
    };
    INFO(entry.at("from").get<std::string>());
    const bool resistance = entry.at("prediction_resistance").get<bool>();
    Drbg drbg(entry.at("drbg").get<std::string>(), bytes(entry, "entropy"), bytes(entry, "nonce"),
              bytes(entry, "personalization"));
    Bytes out(bytes(entry, "output").size());
    for (const Json& step : entry.at("steps")) {
      const bool generates = step.at("use").get<std::string>() == "generate";
      if (!generates || resistance) drbg.reseed(bytes(step, "entropy"), bytes(step, "additional"));
      if (!generates) continue;
      // 9.3.1: with prediction resistance the additional input has gone into the reseeding.
      drbg.generate(out, resistance ? Bytes() : bytes(step, "additional"));
    }
    CHECK(hex(out) == entry.at("output").get<std::string>());
    seen.emplace(drbg.name(), resistance);
  }
  CHECK(seen.size() == 2 * Drbg::names().size());
}

TEST_CASE("a DRBG uses what it is given and nothing else") {
  for (const std::string& name : Drbg::names()) {
    INFO(name);
    const Bytes entropy(48, std::byte{7});
    const Bytes nonce(16, std::byte{9});
    Drbg a(name, entropy, nonce);
    Drbg b(name, entropy, nonce);
    Bytes x(1000), y(1000);
    // Many requests: neither a count nor the clock may make it reseed on its own.
    for (int i = 0; i < 600; ++i) {
      a.generate(x);
      b.generate(y);
    }
    CHECK(x == y);
    CHECK(a.requests_since_seed() == 600);
    a.reseed(entropy);
    CHECK(a.requests_since_seed() == 0);
    a.generate(x);
    b.generate(y);
    CHECK(x != y);
  }
}

TEST_CASE("a DRBG refuses too little entropy, unknown names and long requests") {
  const Bytes entropy(48);
  CHECK_THROWS_AS(Drbg("dual-ec", entropy, entropy), Error);
  CHECK_THROWS_AS(Drbg("hmac-sha2-256", std::span(entropy).first(31), entropy), Error);
  CHECK_THROWS_AS(Drbg("hmac-sha2-256", entropy, std::span(entropy).first(15)), Error);
  Drbg drbg("hmac-sha2-256", entropy, entropy);
  CHECK_THROWS_AS(drbg.reseed(std::span(entropy).first(31)), Error);
  Bytes out(Drbg::most_bytes + 1);
  CHECK_THROWS_AS(drbg.generate(out), Error);
  out.pop_back();
  drbg.generate(out);
}
