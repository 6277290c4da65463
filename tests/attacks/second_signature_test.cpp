// SPDX-License-Identifier: Apache-2.0
// A batch with a second signature in the hands of liars: a stranger without a key, the first signer without the second
// one's, the second without the first one's.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "core/byte_views.h"
#include "crypto/base64.h"
#include "provision/issue.h"
#include "tests/attacks/mutations.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;

namespace {

/// A batch that was signed twice. Nobody in these tests trusts a second signer unless said: the faults are for all.
class TwiceSigned {
 public:
  TwiceSigned() : request_(made_request()), issued_(issue(request_, test::AssessedOffice::services())) {
    verify_.policy.allow_test = true;
    envelope_ = Json::parse(read_text_file(path(), 1 << 20));
    statement_ = Json::parse(test::unseal_body(issued_, request_));
  }

  [[nodiscard]] const Json& envelope() const { return envelope_; }
  [[nodiscard]] const Json& statement() const { return statement_; }
  [[nodiscard]] const IssueRequest& request() const { return request_; }

  void ask_for_both() { verify_.policy.second_trust = TrustAnchor::read(office_.file("second.crt")); }

  [[nodiscard]] Sm2Signer stranger() const {
    return {office_.file("stranger.crt"), office_.file("stranger.key"), std::time(nullptr)};
  }

  /// An envelope as somebody put it together.
  [[nodiscard]] bool is_valid(const Json& envelope) const { return is_valid_text(envelope.dump(1) + "\n"); }

  /// The statement sealed by the first signer, with the second signature of old.
  [[nodiscard]] Json sealed_alone(const Json& statement) const {
    Json envelope = Json::parse(seal(certificate_payload_type, statement.dump(1) + "\n", request_.signer));
    envelope["signatures"].push_back(envelope_["signatures"][1]);
    return envelope;
  }
  [[nodiscard]] Json sealed_twice(const Json& statement, const Sm2Signer& second) const {
    return Json::parse(seal(certificate_payload_type, statement.dump(1) + "\n", request_.signer, &second));
  }

 private:
  test::AssessedOffice office_;
  IssueRequest request_;
  IssueResult issued_;
  Json envelope_, statement_;
  VerifyRequest verify_;

  [[nodiscard]] std::filesystem::path path() const { return issued_.directory / issued_.certificate; }

  IssueRequest made_request() const {
    for (const char* const name : {"second", "stranger"}) {
      test::make_certificate(office_.path("x").parent_path(),
                             {.name = name, .group = "SM2", .usage = "digitalSignature"});
    }
    IssueRequest request = office_.request();
    request.second_signer.emplace(office_.file("second.crt"), office_.file("second.key"), std::time(nullptr));
    return request;
  }

  [[nodiscard]] bool is_valid_text(const std::string& text) const {
    std::ofstream(path(), std::ios::trunc) << text;
    try {
      return verify(issued_.directory, TrustAnchor(request_.signer.certificate()), verify_).valid();
    } catch (const Error& error) {
      CHECK(error.category() == Category::verdict);
      return false;
    }
  }
};

Json with_signatures(const TwiceSigned& batch, const Json& signatures) {
  Json envelope = batch.envelope();
  envelope["signatures"] = signatures;
  return envelope;
}

}  // namespace

TEST_CASE("a stranger can neither take the second signature away, nor exchange, double or add one") {
  TwiceSigned batch;
  const Json first = batch.envelope()["signatures"][0], second = batch.envelope()["signatures"][1];
  const Sm2Signer stranger = batch.stranger();
  const Json foreign = batch.sealed_twice(batch.statement(), stranger)["signatures"][1];
  Json under_its_name = second;
  under_its_name["sig"] = foreign["sig"];
  for (const bool both : {false, true}) {
    if (both) batch.ask_for_both();
    CAPTURE(both);
    REQUIRE(batch.is_valid(batch.envelope()));
    for (const Json& signatures :
         {Json::array({first}), Json::array({second}), Json::array({second, first}), Json::array({first, first}),
          Json::array({first, second, second}), Json::array({first, foreign}), Json::array({first, second, foreign}),
          Json::array({first, under_its_name})}) {
      CHECK_FALSE(batch.is_valid(with_signatures(batch, signatures)));
    }
  }
}

TEST_CASE("the first signer cannot say anything over the second one's signature") {
  const TwiceSigned batch;
  std::size_t told = 0;
  for (const test::Mutation& lie : test::mutations_of(batch.statement())) {
    if (lie.statement == batch.statement() || !lie.member.starts_with("/predicate/protection")) continue;
    ++told;
    INFO(lie.member << ": " << lie.what);
    CHECK_FALSE(batch.is_valid(batch.sealed_alone(lie.statement)));
    // With both keys in one hand a lie about who signed is one all the same.
    if (!lie.member.starts_with("/predicate/protection/second_signer")) continue;
    CHECK_FALSE(batch.is_valid(batch.sealed_twice(lie.statement, *batch.request().second_signer)));
  }
  CHECK(told > 50);
  Json forgotten = batch.statement();
  forgotten["predicate"]["protection"].erase("second_signer");
  CHECK_FALSE(batch.is_valid(batch.sealed_alone(forgotten)));
  CHECK_FALSE(batch.is_valid(batch.sealed_twice(forgotten, *batch.request().second_signer)));
  // A second signer whom the certificate does not name.
  CHECK_FALSE(batch.is_valid(batch.sealed_twice(batch.statement(), batch.stranger())));
}

TEST_CASE("the first signer can leave the second out: who wants both must ask for both") {
  TwiceSigned batch;
  Json alone = batch.statement();
  alone["predicate"]["protection"].erase("second_signer");
  Json with_another = batch.statement();
  with_another["predicate"]["protection"]["second_signer"] = to_json(batch.stranger().record());
  const Json one = Json::parse(seal(certificate_payload_type, alone.dump(1) + "\n", batch.request().signer));
  const Json two = batch.sealed_twice(with_another, batch.stranger());
  CHECK(batch.is_valid(one));
  CHECK(batch.is_valid(two));
  batch.ask_for_both();
  CHECK_FALSE(batch.is_valid(one));
  CHECK_FALSE(batch.is_valid(two));
}

TEST_CASE("the second signer alone seals nothing") {
  const TwiceSigned batch;
  const Json second = batch.envelope()["signatures"][1];
  Json lie = batch.statement();
  lie["predicate"]["batch"]["order"]["id"] = "another";
  const Json sealed = batch.sealed_twice(lie, *batch.request().second_signer);
  Json envelope = sealed;
  envelope["signatures"][0] = batch.envelope()["signatures"][0];
  CHECK_FALSE(batch.is_valid(envelope));
  envelope["signatures"] = Json::array({sealed["signatures"][1], sealed["signatures"][1]});
  CHECK_FALSE(batch.is_valid(envelope));
}
