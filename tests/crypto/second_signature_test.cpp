// SPDX-License-Identifier: Apache-2.0
// An envelope with one or two further signatures, and what a liar can do to it: the first signature decides, the others
// can only take away.
#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/json.h"
#include "crypto/base64.h"
#include "crypto/dsse.h"
#include "crypto/sm2.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/crypto/signed_elsewhere.h"
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
    for (const auto& [name, group] :
         {std::pair("p256", "P-256"), std::pair("p521", "P-521"), std::pair("ed25519", "ED25519")})
      test::make_certificate(scratch.path(), {.name = name, .group = group, .usage = "digitalSignature"});
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (scratch.path() / name).string(); }
  [[nodiscard]] Signer signer(const std::string& name = "a") const {
    return {file(name + ".crt"), file(name + ".key"), now};
  }
  [[nodiscard]] FurtherSigner second(const std::string& name = "second") const {
    return {file(name + ".crt"), file(name + ".key"), now};
  }
  [[nodiscard]] X509Certificate certificate(const std::string& name) const {
    return X509Certificate::read(file(name + ".crt"));
  }
  /// With the signatures of these, beside the first.
  [[nodiscard]] std::string envelope(const std::vector<std::string>& names = {"second"}) const {
    std::vector<FurtherSigner> others;
    for (const std::string& name : names)
      others.push_back(second(name));
    return seal(type, body, signer(), others);
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
  REQUIRE(unsealed.further.size() == 1);
  CHECK(unsealed.further[0].signer.fingerprint() == desk.certificate("second").fingerprint());
  CHECK(unsealed.further[0].kind == SignatureKind::sm2);
  CHECK(unsealed.further[0].checked);
  CHECK(unseal(type, envelope, desk.certificate("a")) == body);
  // Both signed the same bytes.
  const Json second = Json::parse(envelope)["signatures"][1];
  const auto signature = from_base64(second["sig"].get<std::string>());
  CHECK(signature_is_valid(SignatureKind::sm2, desk.certificate("second"),
                           bytes_of(pre_authentication_encoding(type, body)), bytes_of(*signature)));
  // The second signer's word alone opens nothing.
  CHECK_THROWS_AS(unseal(type, envelope, TrustAnchor(desk.certificate("second"))), Error);
  CHECK(unseal(type, seal(type, body, desk.signer()), TrustAnchor(desk.certificate("a"))).further.empty());
}

TEST_CASE("an envelope with three signatures says whose they are, in their order") {
  const SecondDesk desk;
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"second", "ed25519"}, {"ed25519", "second"}, {"p521", "ed25519"}}) {
    const std::string envelope = desk.envelope(names);
    CHECK(text_of_json(Json::parse(envelope)) == envelope);
    const Unsealed unsealed = unseal(type, envelope, TrustAnchor(desk.certificate("a")));
    CHECK(unsealed.canonical);
    REQUIRE(unsealed.further.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      CHECK(unsealed.further[i].signer.fingerprint() == desk.certificate(names[i]).fingerprint());
      CHECK(unsealed.further[i].kind == desk.second(names[i]).kind());
      CHECK(unsealed.further[i].checked);
    }
  }
  CHECK_THROWS_WITH(desk.envelope({"second", "ed25519", "p521"}), Catch::Contains("at most 2"));
  CHECK_THROWS_WITH(desk.envelope({"second", "other"}), Catch::Contains("two further signatures of SM2"));
  CHECK_THROWS_WITH(desk.envelope({"second", "second"}), Catch::Contains("two further signatures of SM2"));
}

TEST_CASE("no byte of an envelope with three signatures can change") {
  const SecondDesk desk;
  const std::string envelope = desk.envelope({"second", "ed25519"});
  for (std::size_t at = 0; at < envelope.size(); ++at) {
    std::string changed = envelope;
    changed[at] = static_cast<char>(changed[at] ^ (at % 3 == 0 ? 1 : at % 3 == 1 ? 2 : 0x20));
    CAPTURE(at);
    CHECK(desk.refusal(changed) != "");
  }
}

TEST_CASE("no certificate in an envelope can be spelt as BER, which has the same fingerprint") {
  const SecondDesk desk;
  const Json honest = Json::parse(desk.envelope({"second", "ed25519"}));
  for (std::size_t place = 0; place < honest["signatures"].size(); ++place) {
    const std::string der = from_base64(honest["signatures"][place]["cert"].get<std::string>()).value();
    REQUIRE(der.substr(0, 2) == "\x30\x82");  // a SEQUENCE whose length takes two bytes
    const std::string longer = std::string("\x30\x83\0", 3) + der.substr(2);
    const std::string open_ended = std::string("\x30\x80", 2) + der.substr(4) + std::string(2, '\0');
    for (const std::string& spelt : {longer, open_ended}) {
      // It is the same certificate to libcrypto.
      REQUIRE(X509Certificate::from_der(bytes_of(spelt), "as BER").der() == der);
      Json json = honest;
      json["signatures"][place]["cert"] = base64(bytes_of(spelt));
      CHECK_THAT(desk.refusal(text_of_json(json)), Catch::Contains("in other bytes than DER has for it"));
    }
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
  const FurtherSigner second = desk.second(), other = desk.second("other");
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
  CHECK_THAT(desk.refusal(with_second(honest["signatures"][0])), Catch::Contains("that is the first one's kind"));
  const Signer b = desk.signer("b");
  CHECK_THAT(desk.refusal(with_second(entry(b.certificate(), b.sign(bytes_of(message))))),
             Catch::Contains("that is the first one's kind"));
  CHECK_THAT(desk.refusal(with_second(entry(desk.certificate("p256"), good))),
             Catch::Contains("holds no key of a kind that signs beside the first"));
  // The right signature beside a certificate of another kind.
  CHECK_THAT(desk.refusal(with_second(entry(desk.certificate("ed25519"), good))), Catch::Contains("not by CN=ed25519"));
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

TEST_CASE("an envelope has one to three signatures, the first first, each of its kind, and of edition 1 it has one") {
  const SecondDesk desk;
  const Json honest = Json::parse(desk.envelope({"second", "ed25519"}));
  const auto with = [&](const Json& signatures) {
    Json json = honest;
    json["signatures"] = signatures;
    return desk.refusal(text_of_json(json));
  };
  const Json first = honest["signatures"][0], second = honest["signatures"][1], third = honest["signatures"][2];
  const Json another = Json::parse(desk.envelope({"other"}))["signatures"][1];
  const Json fourth = Json::parse(desk.envelope({"p521"}))["signatures"][1];
  REQUIRE(with({first, second, third}) == "");
  // Taken away, exchanged or in another order they leave an envelope that is sound in itself: what it holds must know
  // of its further signers.
  CHECK(with(Json::array({first})) == "");
  CHECK(with({first, second}) == "");
  CHECK(with({first, third}) == "");
  CHECK(with({first, third, second}) == "");
  CHECK(with({first, another, third}) == "");
  CHECK(with(Json::array({second})) != "");
  CHECK(with({second, first}) != "");
  CHECK(with({second, first, third}) != "");
  CHECK(with({first, first}) != "");
  CHECK_THAT(with({first, second, second}), Catch::Contains("each is of a kind of its own"));
  CHECK_THAT(with({first, second, another}), Catch::Contains("each is of a kind of its own"));
  CHECK_THAT(with({first, third, third}), Catch::Contains("each is of a kind of its own"));
  CHECK(with({first, second, first}) != "");
  CHECK(with({first, second, third, fourth}) != "");
  CHECK(with({first, second, third, third}) != "");
  CHECK(with(Json::array()) != "");
  Json bare = first, nameless = second, nameless_third = third;
  bare.erase("cert");
  nameless.erase("cert");
  nameless_third.erase("cert");
  CHECK(with(Json::array({bare})) == "");
  CHECK(with({bare, second}) != "");
  CHECK(with({first, nameless}) != "");
  CHECK(with({first, second, nameless_third}) != "");
}

TEST_CASE("an envelope with a signature of ML-DSA by another maker: it holds, or it is said that it was not checked") {
  const SecondDesk desk;
  const test::SignedElsewhere made = test::signed_by_openssl();
  REQUIRE(made.message == pre_authentication_encoding(type, body));
  const bool here = is_available(SignatureKind::ml_dsa_65);
  const Json plain = Json::parse(desk.envelope({}));
  const auto with = [&](std::initializer_list<Json> more) {
    Json json = plain;
    for (const Json& one : more)
      json["signatures"].push_back(one);
    return text_of_json(json);
  };
  const Json theirs = entry(made.certificate(), made.signature);
  const Json sm2 = Json::parse(desk.envelope())["signatures"][1];
  for (const bool second : {true, false}) {
    const Unsealed unsealed =
        unseal(type, second ? with({theirs, sm2}) : with({sm2, theirs}), TrustAnchor(desk.certificate("a")));
    REQUIRE(unsealed.further.size() == 2);
    const FurtherSignature& found = unsealed.further[second ? 0 : 1];
    CHECK(found.kind == SignatureKind::ml_dsa_65);
    CHECK(found.checked == here);
    CHECK(found.signer.fingerprint() == made.certificate().fingerprint());
    CHECK(unsealed.further[second ? 1 : 0].checked);
  }
  // What is seen without checking: its place, its length, its name.
  CHECK_THAT(desk.refusal(with({theirs, theirs})), Catch::Contains("each is of a kind of its own"));
  const auto shorter = std::span(made.signature).first(made.signature.size() - 1);
  CHECK_THAT(desk.refusal(with({entry(made.certificate(), shorter)})), Catch::Contains("not by CN=Second by OpenSSL"));
  CHECK(desk.refusal(with({entry(made.certificate(), {})})) != "");
  Json named = theirs;
  named["keyid"] = desk.certificate("second").fingerprint();
  CHECK_THAT(desk.refusal(with({named})), Catch::Contains("names another key"));
  // What is not: a changed byte of it. So nothing may rest on one that was not checked.
  auto changed = made.signature;
  changed[1000] ^= std::byte{1};
  CHECK((desk.refusal(with({entry(made.certificate(), changed)})) == "") == !here);
}
