// SPDX-License-Identifier: Apache-2.0
// An envelope with a second signature, and what a liar can do to it: the first signature decides, the second can only
// take away.
#include <catch2/catch.hpp>
#include <string>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/json.h"
#include "crypto/base64.h"
#include "crypto/dsse.h"
#include "crypto/sm2.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

constexpr std::string_view type = "text/x";
constexpr std::string_view body = "{\"x\":1}";

struct SecondDesk {
  test::Scratch scratch;
  std::time_t now = std::time(nullptr);

  SecondDesk() {
    for (const char* const name : {"a", "b"})
      test::make_certificate(scratch.path(), {.name = name, .usage = "digitalSignature"});
    for (const char* const name : {"second", "other"})
      test::make_certificate(scratch.path(), {.name = name, .group = "SM2", .usage = "digitalSignature"});
    test::make_certificate(scratch.path(), {.name = "p256", .group = "P-256", .usage = "digitalSignature"});
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  [[nodiscard]] Signer signer(const std::string& name = "a") const {
    return {file(name + ".crt"), file(name + ".key"), now};
  }
  [[nodiscard]] Sm2Signer second(const std::string& name = "second") const {
    return {file(name + ".crt"), file(name + ".key"), now};
  }
  [[nodiscard]] X509Certificate certificate(const std::string& name) const {
    return X509Certificate::read(file(name + ".crt"));
  }
  [[nodiscard]] std::string envelope(std::string_view of = body) const {
    const Sm2Signer other = second();
    return seal(type, of, signer(), &other);
  }
  /// Why it does not open; empty when it does.
  [[nodiscard]] std::string refusal(const std::string& text) const {
    try {
      (void)unseal(type, text, TrustAnchor(certificate("a")), {.malleability = Malleability::allow});
      return {};
    } catch (const Error& e) {
      CHECK(e.category() == Category::verdict);
      return e.what();
    }
  }
};

std::string text_of_json(const Json& json) {
  return json.dump(1) + "\n";
}

/// The entry of "signatures" that these would make.
Json entry(const X509Certificate& certificate, std::span<const std::byte> signature) {
  return {
      {"cert", base64(bytes_of(certificate.der()))}, {"keyid", certificate.fingerprint()}, {"sig", base64(signature)}};
}

}  // namespace

TEST_CASE("an envelope with a second signature opens for who knows the first alone, and says who signed too") {
  const SecondDesk desk;
  const std::string envelope = desk.envelope();
  CHECK(text_of_json(Json::parse(envelope)) == envelope);
  const Unsealed unsealed = unseal(type, envelope, TrustAnchor(desk.certificate("a")));
  CHECK(unsealed.body == body);
  CHECK(unsealed.canonical);
  REQUIRE(unsealed.second_signer);
  CHECK(unsealed.second_signer->fingerprint() == desk.certificate("second").fingerprint());
  CHECK(unseal(type, envelope, desk.certificate("a")) == body);
  // Both signed the same bytes.
  const Json second = Json::parse(envelope)["signatures"][1];
  const auto signature = from_base64(second["sig"].get<std::string>());
  CHECK(signature_is_valid(SignatureKind::sm2, desk.certificate("second"),
                           bytes_of(pre_authentication_encoding(type, body)), bytes_of(*signature)));
  // The second signer's word alone opens nothing.
  CHECK_THROWS_AS(unseal(type, envelope, TrustAnchor(desk.certificate("second"))), Error);
  CHECK_FALSE(unseal(type, seal(type, body, desk.signer()), TrustAnchor(desk.certificate("a"))).second_signer);
}

TEST_CASE("no byte of an envelope with two signatures can change") {
  const SecondDesk desk;
  const std::string envelope = desk.envelope();
  for (std::size_t at = 0; at < envelope.size(); ++at) {
    std::string changed = envelope;
    changed[at] = static_cast<char>(changed[at] ^ (at % 3 == 0 ? 1 : at % 3 == 1 ? 2 : 0x20));
    CAPTURE(at);
    CHECK(desk.refusal(changed) != "");
  }
}

TEST_CASE("a second signature that is wrong closes the envelope, whoever is trusted") {
  const SecondDesk desk;
  const Json honest = Json::parse(desk.envelope());
  const auto with_second = [&](const Json& second) {
    Json json = honest;
    json["signatures"][1] = second;
    return text_of_json(json);
  };
  const std::string message = pre_authentication_encoding(type, body);
  const Sm2Signer second = desk.second(), other = desk.second("other");
  const auto good = second.sign(bytes_of(message));
  REQUIRE(desk.refusal(with_second(entry(second.certificate(), good))) == "");

  // Over something else, though by the right key: another body, the bare body, another type.
  for (const std::string& text : {pre_authentication_encoding(type, "{\"x\":2}"), std::string(body),
                                  pre_authentication_encoding("text/y", body)}) {
    CHECK_THAT(desk.refusal(with_second(entry(second.certificate(), second.sign(bytes_of(text))))),
               Catch::Contains("second signature that is not by CN=second"));
  }
  // By another key, under this one's name; and under its own that is another second signer, for the caller to judge.
  CHECK_THAT(desk.refusal(with_second(entry(second.certificate(), other.sign(bytes_of(message))))),
             Catch::Contains("not by CN=second"));
  CHECK(desk.refusal(with_second(entry(other.certificate(), other.sign(bytes_of(message))))) == "");
  // Ordinary keys passed off as SM2's: the first signer twice, another one, one on P-256, an authority of nobody.
  CHECK_THAT(desk.refusal(with_second(honest["signatures"][0])), Catch::Contains("holds no SM2 key"));
  const Signer b = desk.signer("b");
  CHECK_THAT(desk.refusal(with_second(entry(b.certificate(), b.sign(bytes_of(message))))),
             Catch::Contains("holds no SM2 key"));
  CHECK_THAT(desk.refusal(with_second(entry(desk.certificate("p256"), good))), Catch::Contains("holds no SM2 key"));
  Json named = entry(second.certificate(), good);
  named["keyid"] = other.certificate().fingerprint();
  CHECK_THAT(desk.refusal(with_second(named)), Catch::Contains("names another key"));
  for (const char* const member : {"cert", "sig"}) {
    Json broken = entry(second.certificate(), good);
    for (const char* const lie : {"", "AAAA", "A", "MAYCAQACAQA="}) {
      broken[member] = lie;
      CAPTURE(member, lie);
      CHECK(desk.refusal(with_second(broken)) != "");
    }
  }
}

TEST_CASE("an envelope has one signature or two, the first first, and of edition 1 it has one") {
  const SecondDesk desk;
  const Json honest = Json::parse(desk.envelope());
  const auto with = [&](const Json& signatures) {
    Json json = honest;
    json["signatures"] = signatures;
    return desk.refusal(text_of_json(json));
  };
  const Json first = honest["signatures"][0], second = honest["signatures"][1];
  REQUIRE(with({first, second}) == "");
  // Taken away it leaves an envelope that is sound in itself: what it holds must know of its second signer.
  CHECK(with(Json::array({first})) == "");
  CHECK(with(Json::array({second})) != "");
  CHECK(with({second, first}) != "");
  CHECK(with({first, first}) != "");
  CHECK(with({first, second, second}) != "");
  CHECK(with({first, second, first}) != "");
  CHECK(with(Json::array()) != "");
  Json bare = first, nameless = second;
  bare.erase("cert");
  nameless.erase("cert");
  CHECK(with(Json::array({bare})) == "");
  CHECK(with({bare, second}) != "");
  CHECK(with({first, nameless}) != "");
}
