#include "entropy/drbg/drbg.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "core/digest.h"
#include "core/error.h"
#include "core/json.h"

using namespace lightseed;

namespace {

using Bytes = std::vector<std::byte>;

Bytes from_hex(const std::string& digits) {
  Bytes bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>(std::stoul(digits.substr(2 * i, 2), nullptr, 16));
  return bytes;
}

}  // namespace

TEST_CASE("DRBGs give NIST's known answers") {
  std::ifstream file(LIGHTSEED_TEST_DATA "/drbg/cavp.json");
  const Json known = Json::parse(file);
  std::set<std::string> seen;
  for (const Json& entry : known.at("entries")) {
    const auto bytes = [&](const char* member) { return from_hex(entry.at(member).get<std::string>()); };
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
