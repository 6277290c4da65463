// SPDX-License-Identifier: Apache-2.0
#include "crypto/trust.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/crypto/pki.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

constexpr std::time_t day = 86'400;

/// An office with a root, an authority between, and a signer below; each test changes one of them.
class Pki {
 public:
  explicit Pki(const std::optional<test::CertificateWish>& instead = std::nullopt) {
    std::vector<test::CertificateWish> wishes{
        {.name = "root", .usage = "keyCertSign", .from_now = -100 * day, .until_now = 100 * day, .authority = true},
        {.name = "between",
         .usage = "keyCertSign",
         .from_now = -50 * day,
         .until_now = 50 * day,
         .authority = true,
         .issuer = "root"},
        {.name = "signer",
         .usage = "digitalSignature",
         .from_now = -20 * day,
         .until_now = 20 * day,
         .issuer = "between"}};
    for (const test::CertificateWish& usual : wishes)
      make(instead && instead->name == usual.name ? *instead : usual);
  }

  void make(const test::CertificateWish& wish) const { test::make_certificate(scratch_.path(), wish); }
  [[nodiscard]] X509Certificate certificate(const std::string& name) const {
    return X509Certificate::read(scratch_.path() / (name + ".crt"));
  }
  /// The certificates of these names, one after another in a file.
  [[nodiscard]] TrustAnchor trust(const std::vector<std::string>& names) const {
    std::ofstream chain(scratch_.path() / "chain.pem");
    for (const std::string& name : names) {
      std::ifstream one(scratch_.path() / (name + ".crt"));
      std::copy(std::istreambuf_iterator<char>(one), {}, std::ostreambuf_iterator<char>(chain));
    }
    chain.close();
    return TrustAnchor::read(scratch_.path() / "chain.pem");
  }
  /// What is wrong with the signer at that time; empty when nothing is.
  [[nodiscard]] std::string judged(const std::vector<std::string>& names, std::time_t moment) const {
    try {
      const TrustAnchor anchor = trust(names);
      anchor.judge(anchor.signer(certificate("signer")), moment);
      return {};
    } catch (const Error& e) {
      return e.what();
    }
  }

  const std::time_t now = std::time(nullptr);

 private:
  test::Scratch scratch_;
};

}  // namespace

TEST_CASE("a chain to an authority is trusted, in any order, with or without the signer's certificate in it") {
  const Pki pki;
  std::vector<std::string> names{"between", "root", "signer"};
  do {
    CHECK(pki.judged(names, pki.now) == "");
  } while (std::ranges::next_permutation(names).found);
  CHECK(pki.judged({"root", "between"}, pki.now) == "");
  CHECK(pki.judged({"between"}, pki.now) == "");  // an authority below another one can be trusted itself
  CHECK(pki.judged({"signer"}, pki.now) == "");
  CHECK_THAT(pki.judged({"root"}, pki.now), Catch::Contains("was not issued by CN=root"));
  // The certificate in the chain stands in for one that did not come with the signature.
  CHECK(pki.trust({"root", "between", "signer"}).signer(std::nullopt).subject() == "CN=signer");
  CHECK_THROWS_WITH(pki.trust({"root", "between"}).signer(std::nullopt), Catch::Contains("without the certificate"));
}

TEST_CASE("certificates that are no chain to one authority are refused") {
  const Pki pki;
  pki.make({.name = "stranger", .usage = "keyCertSign", .authority = true});
  pki.make({.name = "second", .usage = "digitalSignature", .issuer = "between"});
  pki.make({.name = "alone", .usage = "digitalSignature"});
  for (const auto& names : std::vector<std::vector<std::string>>{{"root", "stranger"},
                                                                 {"root", "signer"},
                                                                 {"signer", "alone"},
                                                                 {"root", "between", "alone"},
                                                                 {"root", "root"},
                                                                 {"root", "between", "signer", "second"}}) {
    CAPTURE(names);
    CHECK_THROWS_AS(pki.trust(names), Error);
    CHECK_THAT(pki.judged(names, pki.now), Catch::Contains("one chain to one certification authority"));
  }
  CHECK_THAT(pki.judged(std::vector<std::string>(11, "root"), pki.now), Catch::Contains("holds 11 certificates"));
}

TEST_CASE("a chain with a signer's certificate in it trusts that signer alone") {
  const Pki pki;
  pki.make({.name = "second", .usage = "digitalSignature", .issuer = "between"});
  CHECK_NOTHROW(pki.trust({"root", "between"}).signer(pki.certificate("second")));
  CHECK_THROWS_WITH(pki.trust({"root", "between", "signer"}).signer(pki.certificate("second")),
                    Catch::Contains("CN=second") && Catch::Contains("CN=signer"));
}

TEST_CASE("every certificate of a chain is judged at the time of issue") {
  const Pki pki;
  CHECK(pki.judged({"root", "between"}, pki.now - 19 * day) == "");
  // The signer's certificate was issued after the batch, or had run out.
  CHECK_THAT(pki.judged({"root", "between"}, pki.now - 30 * day), Catch::Contains("not valid before"));
  CHECK_THAT(pki.judged({"root", "between"}, pki.now + 30 * day), Catch::Contains("expired"));
  const Pki expired({{.name = "between",
                      .usage = "keyCertSign",
                      .from_now = -50 * day,
                      .until_now = -5 * day,
                      .authority = true,
                      .issuer = "root"}});
  CHECK(expired.judged({"root", "between"}, expired.now - 10 * day) == "");
  CHECK_THAT(expired.judged({"root", "between"}, expired.now),
             Catch::Contains("the certificate of CN=between had expired"));
  CHECK_THAT(expired.judged({"root", "between"}, expired.now - 60 * day), Catch::Contains("not valid before"));
  const Pki late({{.name = "between",
                   .usage = "keyCertSign",
                   .from_now = -5 * day,
                   .until_now = 50 * day,
                   .authority = true,
                   .issuer = "root"}});
  CHECK_THAT(late.judged({"root", "between"}, late.now - 10 * day),
             Catch::Contains("the certificate of CN=between was not valid yet"));
}

TEST_CASE("who stands between must be allowed to issue, with a key and a digest of today") {
  const auto fault = [](test::CertificateWish between) {
    between.name = "between";
    between.issuer = "root";
    const Pki pki{std::optional(between)};
    return pki.judged({"root", "between"}, pki.now);
  };
  CHECK(fault({.name = "", .usage = "keyCertSign", .authority = true}) == "");
  CHECK(fault({.name = "", .group = "", .usage = "keyCertSign", .rsa_bits = 3072, .authority = true}) == "");
  CHECK_THAT(fault({.name = "", .usage = "digitalSignature", .authority = true}), Catch::Contains("CN=between"));
  // One that is no authority is taken for a signer's.
  CHECK_THAT(fault({.name = "", .usage = "keyCertSign"}), Catch::Contains("CN=between"));
  CHECK_THAT(fault({.name = "", .usage = "keyCertSign", .authority = true, .digest = "SHA1"}),
             Catch::Contains("can be forged"));
  CHECK_THAT(fault({.name = "", .group = "secp224r1", .usage = "keyCertSign", .authority = true}),
             Catch::Contains("cannot issue certificates that are relied on"));
  CHECK_THAT(fault({.name = "", .group = "", .usage = "keyCertSign", .rsa_bits = 1024, .authority = true}),
             Catch::Contains("too short"));
  CHECK_THAT(fault({.name = "", .usage = "keyCertSign", .authority = true, .explicit_curve = true}),
             Catch::Contains("CN=between"));
}

TEST_CASE("path lengths count authorities below, the signer not among them") {
  const Pki none({{.name = "root", .usage = "keyCertSign", .authority = true, .path_length = 0}});
  CHECK_THAT(none.judged({"root", "between"}, none.now), Catch::Contains("path length"));
  const Pki one({{.name = "root", .usage = "keyCertSign", .authority = true, .path_length = 1}});
  CHECK(one.judged({"root", "between"}, one.now) == "");
}

TEST_CASE("an authority of the same name with another key vouches for nobody") {
  const Pki pki;
  const Pki other;  // the same names
  CHECK_THROWS_WITH(pki.trust({"root", "between"}).signer(other.certificate("signer")),
                    Catch::Contains("was not issued by CN=root"));
}
