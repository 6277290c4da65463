// SPDX-License-Identifier: Apache-2.0
// A batch with further signatures in the hands of liars: a stranger without a key, the first signer without the others'
// keys, the others without the first one's.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/byte_views.h"
#include "crypto/base64.h"
#include "evidence/signer_record.h"
#include "provision/issue.h"
#include "tests/attacks/mutations.h"
#include "tests/crypto/signed_elsewhere.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;

namespace {

/// A batch that was signed by more than one. Nobody in these tests trusts a further signer unless said: the faults are
/// for all.
class SignedByMore {
 public:
  /// The kinds of the further signers, as tests/crypto/pki.h calls them.
  explicit SignedByMore(const std::vector<std::string>& groups = {"SM2"})
      : request_(made_request(groups)), issued_(issue(request_, test::AssessedOffice::services())) {
    verify_.policy.allow_test = true;
    envelope_ = Json::parse(read_text_file(path(), 1 << 20));
    statement_ = Json::parse(test::unseal_body(issued_, request_));
  }

  [[nodiscard]] const Json& envelope() const { return envelope_; }
  [[nodiscard]] const Json& statement() const { return statement_; }
  [[nodiscard]] const IssueRequest& request() const { return request_; }

  void ask_for_all() {
    for (const FurtherSigner& one : request_.further_signers)
      verify_.policy.signatures.trust.emplace_back(one.certificate());
  }
  void ask_for(SignatureKind kind) { verify_.policy.signatures.kinds = {kind}; }

  /// Somebody else with a key of this kind.
  [[nodiscard]] FurtherSigner stranger(const std::string& group = "SM2") const {
    return made_signer("stranger-" + group, group);
  }

  /// An envelope as somebody put it together.
  [[nodiscard]] bool is_valid(const Json& envelope) const { return is_valid_text(envelope.dump(1) + "\n"); }

  /// The statement sealed by the first signer, with the further signatures of old.
  [[nodiscard]] Json sealed_alone(const Json& statement) const {
    Json envelope = sealed_with(statement, {});
    for (std::size_t i = 1; i < envelope_["signatures"].size(); ++i)
      envelope["signatures"].push_back(envelope_["signatures"][i]);
    return envelope;
  }
  [[nodiscard]] Json sealed_with(const Json& statement, std::span<const FurtherSigner> further) const {
    return Json::parse(seal(certificate_payload_type, statement.dump(1) + "\n", request_.signer, further));
  }
  [[nodiscard]] Json sealed_twice(const Json& statement, const FurtherSigner& second) const {
    return sealed_with(statement, {&second, 1});
  }

 private:
  test::AssessedOffice office_;
  IssueRequest request_;
  IssueResult issued_;
  Json envelope_, statement_;
  VerifyRequest verify_;

  [[nodiscard]] std::filesystem::path path() const { return issued_.directory / issued_.certificate; }

  [[nodiscard]] FurtherSigner made_signer(const std::string& name, const std::string& group) const {
    test::make_certificate(office_.path("x").parent_path(),
                           {.name = name, .group = group, .usage = "digitalSignature"});
    return {office_.file(name + ".crt"), office_.file(name + ".key"), std::time(nullptr)};
  }

  [[nodiscard]] IssueRequest made_request(const std::vector<std::string>& groups) const {
    IssueRequest request = office_.request();
    for (const std::string& group : groups)
      request.further_signers.push_back(made_signer("signer-" + group, group));
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

Json with_signatures(const SignedByMore& batch, const Json& signatures) {
  Json envelope = batch.envelope();
  envelope["signatures"] = signatures;
  return envelope;
}

}  // namespace

TEST_CASE("a stranger can neither take the second signature away, nor exchange, double or add one") {
  SignedByMore batch;
  const Json first = batch.envelope()["signatures"][0], second = batch.envelope()["signatures"][1];
  const FurtherSigner stranger = batch.stranger();
  const Json foreign = batch.sealed_twice(batch.statement(), stranger)["signatures"][1];
  Json under_its_name = second;
  under_its_name["sig"] = foreign["sig"];
  for (const bool both : {false, true}) {
    if (both) batch.ask_for_all();
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
  const SignedByMore batch;
  std::size_t told = 0;
  for (const test::Mutation& lie : test::mutations_of(batch.statement())) {
    if (lie.statement == batch.statement() || !lie.member.starts_with("/predicate/protection")) continue;
    ++told;
    INFO(lie.member << ": " << lie.what);
    CHECK_FALSE(batch.is_valid(batch.sealed_alone(lie.statement)));
    // With both keys in one hand a lie about who signed is one all the same.
    if (!lie.member.starts_with("/predicate/protection/second_signer")) continue;
    CHECK_FALSE(batch.is_valid(batch.sealed_twice(lie.statement, batch.request().further_signers[0])));
  }
  CHECK(told > 50);
  Json forgotten = batch.statement();
  forgotten["predicate"]["protection"].erase("second_signer");
  CHECK_FALSE(batch.is_valid(batch.sealed_alone(forgotten)));
  CHECK_FALSE(batch.is_valid(batch.sealed_twice(forgotten, batch.request().further_signers[0])));
  // A second signer whom the certificate does not name.
  CHECK_FALSE(batch.is_valid(batch.sealed_twice(batch.statement(), batch.stranger())));
}

TEST_CASE("the first signer can leave the second out: who wants both must ask for both") {
  SignedByMore batch;
  Json alone = batch.statement();
  alone["predicate"]["protection"].erase("second_signer");
  const FurtherSigner stranger = batch.stranger();
  Json with_another = batch.statement();
  with_another["predicate"]["protection"]["second_signer"] = to_json(stranger.record());
  const Json one = Json::parse(seal(certificate_payload_type, alone.dump(1) + "\n", batch.request().signer));
  const Json two = batch.sealed_twice(with_another, stranger);
  CHECK(batch.is_valid(one));
  CHECK(batch.is_valid(two));
  batch.ask_for_all();
  CHECK_FALSE(batch.is_valid(one));
  CHECK_FALSE(batch.is_valid(two));
}

TEST_CASE("the second signer alone seals nothing") {
  const SignedByMore batch;
  const Json second = batch.envelope()["signatures"][1];
  Json lie = batch.statement();
  lie["predicate"]["batch"]["order"]["id"] = "another";
  const Json sealed = batch.sealed_twice(lie, batch.request().further_signers[0]);
  Json envelope = sealed;
  envelope["signatures"][0] = batch.envelope()["signatures"][0];
  CHECK_FALSE(batch.is_valid(envelope));
  envelope["signatures"] = Json::array({sealed["signatures"][1], sealed["signatures"][1]});
  CHECK_FALSE(batch.is_valid(envelope));
}

TEST_CASE("a stranger can take away, exchange, double, add and reorder nothing of three signatures") {
  // Every pair of kinds that is available, one after another as second and third.
  std::vector<std::string> groups{"SM2", "ED25519", "ED448", "P-521"};
  if (is_available(SignatureKind::ml_dsa_65)) groups.insert(groups.begin(), {"ML-DSA-65", "ML-DSA-87"});
  for (std::size_t i = 0; i + 1 < groups.size(); ++i) {
    SignedByMore batch({groups[i], groups[i + 1]});
    CAPTURE(groups[i], groups[i + 1]);
    const Json all = batch.envelope()["signatures"];
    REQUIRE(all.size() == 3);
    const Json &first = all[0], &second = all[1], &third = all[2];
    const FurtherSigner other = batch.stranger(groups[i]);
    const Json foreign = batch.sealed_twice(batch.statement(), other)["signatures"][1];
    const FurtherSigner fourth_signer = batch.stranger("P-521");
    const Json fourth = batch.sealed_twice(batch.statement(), fourth_signer)["signatures"][1];
    Json under_its_name = second, exchanged_keys = third;
    under_its_name["sig"] = foreign["sig"];
    exchanged_keys["sig"] = second["sig"];
    for (const bool asked : {false, true}) {
      if (asked) batch.ask_for_all();
      REQUIRE(batch.is_valid(batch.envelope()));
      for (const Json& signatures :
           {Json::array({first}), Json::array({first, second}), Json::array({first, third}),
            Json::array({first, third, second}), Json::array({second, third}), Json::array({second, first, third}),
            Json::array({first, second, second}), Json::array({first, third, third}),
            Json::array({first, second, first}), Json::array({first, foreign, third}),
            Json::array({first, second, foreign}), Json::array({first, second, third, third}),
            Json::array({first, second, third, fourth}), Json::array({first, under_its_name, third}),
            Json::array({first, second, exchanged_keys})}) {
        CAPTURE(signatures.size());
        CHECK_FALSE(batch.is_valid(with_signatures(batch, signatures)));
      }
    }
  }
}

TEST_CASE("a third signature where only a second is named, and a second where none is, are added by somebody") {
  const SignedByMore batch({"SM2", "ED25519"});
  Json two_named = batch.statement(), none_named = batch.statement(), third_alone = batch.statement();
  two_named["predicate"]["protection"].erase("third_signer");
  none_named["predicate"]["protection"].erase("third_signer");
  none_named["predicate"]["protection"].erase("second_signer");
  third_alone["predicate"]["protection"].erase("second_signer");
  const auto& further = batch.request().further_signers;
  CHECK(batch.is_valid(batch.sealed_with(batch.statement(), further)));
  CHECK(batch.is_valid(batch.sealed_with(two_named, std::span(further).first(1))));
  CHECK(batch.is_valid(batch.sealed_with(none_named, {})));
  CHECK_FALSE(batch.is_valid(batch.sealed_with(two_named, further)));
  CHECK_FALSE(batch.is_valid(batch.sealed_with(none_named, further)));
  CHECK_FALSE(batch.is_valid(batch.sealed_with(none_named, std::span(further).first(1))));
  CHECK_FALSE(batch.is_valid(batch.sealed_with(batch.statement(), std::span(further).first(1))));
  for (const std::span<const FurtherSigner> signers :
       {std::span<const FurtherSigner>(), std::span(further).first(1), std::span(further).last(1), std::span(further)})
    CHECK_FALSE(batch.is_valid(batch.sealed_with(third_alone, signers)));
  // The same certificate in both places, and the first signer's as a further one's.
  Json doubled = batch.statement(), first_again = batch.statement();
  doubled["predicate"]["protection"]["third_signer"] = doubled["predicate"]["protection"]["second_signer"];
  first_again["predicate"]["protection"]["third_signer"] = first_again["predicate"]["protection"]["signer"];
  for (const Json& lie : {doubled, first_again}) {
    Json envelope = batch.sealed_with(lie, std::span(further).first(1));
    CHECK_FALSE(batch.is_valid(envelope));
    envelope["signatures"].push_back(envelope["signatures"][lie == doubled ? 1 : 0]);
    CHECK_FALSE(batch.is_valid(envelope));
  }
}

TEST_CASE("no lie about the signers holds under three signatures, with whatever keys it is told") {
  const SignedByMore batch({"SM2", "ED25519"});
  std::size_t told = 0;
  for (const test::Mutation& lie : test::mutations_of(batch.statement())) {
    if (lie.statement == batch.statement()) continue;
    if (!lie.member.starts_with("/predicate/protection/second_signer") &&
        !lie.member.starts_with("/predicate/protection/third_signer"))
      continue;
    ++told;
    INFO(lie.member << ": " << lie.what);
    CHECK_FALSE(batch.is_valid(batch.sealed_alone(lie.statement)));
    CHECK_FALSE(batch.is_valid(batch.sealed_with(lie.statement, batch.request().further_signers)));
  }
  CHECK(told > 15);
}

TEST_CASE("a signature of ML-DSA that nobody made: seen where it can be checked, and nowhere taken for good") {
  SignedByMore batch({"SM2"});
  const X509Certificate theirs = test::signed_by_openssl().certificate();
  const Json made_up = {{"cert", base64(bytes_of(theirs.der()))},
                        {"keyid", theirs.fingerprint()},
                        {"sig", base64(std::vector<std::byte>(3309, std::byte{7}))}};
  Json statement = batch.statement();
  statement["predicate"]["protection"]["third_signer"] =
      to_json(SignerRecord{.subject = theirs.subject(), .certificate_sha256 = theirs.fingerprint()});
  Json lie = batch.sealed_with(statement, batch.request().further_signers);
  lie["signatures"].push_back(made_up);
  const bool here = is_available(SignatureKind::ml_dsa_65);
  // Whoever holds the first key can name anybody. Where the other's signature cannot be checked a notice says so.
  CHECK(batch.is_valid(lie) == !here);
  // A stranger without the first key cannot: whom the statement does not name is a fault, checked or not.
  Json added = batch.envelope();
  added["signatures"].push_back(made_up);
  CHECK_FALSE(batch.is_valid(added));
  Json exchanged = batch.envelope();
  exchanged["signatures"][1] = made_up;
  CHECK_FALSE(batch.is_valid(exchanged));
  Json taken_away = lie;
  taken_away["signatures"].erase(2);
  CHECK_FALSE(batch.is_valid(taken_away));
  Json of_another_length = lie;
  of_another_length["signatures"][2]["sig"] = base64(std::vector<std::byte>(3310, std::byte{7}));
  CHECK_FALSE(batch.is_valid(of_another_length));
  // Whoever asks for it is not deceived.
  batch.ask_for(SignatureKind::ml_dsa_65);
  CHECK_FALSE(batch.is_valid(lie));
}
