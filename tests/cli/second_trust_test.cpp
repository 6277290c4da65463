// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "core/json.h"
#include "crypto/signature_kind.h"
#include "tests/cli/issue_words.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"
#include "tests/test_paths.h"

// `batch verify --second-trust` and `--require-signature`: whose the further signatures are, and which there must be.

namespace lightseed::test {
namespace {

using Catch::Contains;

/// A batch with further signatures, and a stranger's certificates.
class SignedTwice {
 public:
  /// As many signatures beside the first: none, SM2's, and Ed25519's.
  explicit SignedTwice(int further) {
    for (const char* const folder : {"keys", "stranger"}) {
      REQUIRE(run_captured({"keys", "new", file(folder), "--second-signer", "--second-signer", "ed25519"}).code == 0);
    }
    std::ofstream(file("order.csv")) << "iccid,imsi\n8988211000000000011,001010000000001\n";
    std::vector<std::string> words = issue_words(scratch_.path(), "sim:homodyne?seed=1", "2");
    for (const std::string name : {"second", "third"}) {
      if (further-- <= 0) break;
      words.insert(words.end(), {"--second-signer", (scratch_.path() / "keys" / (name + ".crt")).string(),
                                 "--second-signer-key", (scratch_.path() / "keys" / (name + ".key")).string()});
    }
    const Captured issued = run_captured(words);
    CAPTURE(issued.err);
    REQUIRE(issued.code == 0);
  }
  [[nodiscard]] std::string file(const char* name) const { return (scratch_.path() / name).string(); }
  [[nodiscard]] Captured verify(std::initializer_list<std::string> more) const {
    std::vector<std::string> words{"batch", "verify", file("out"), "--trust", file("keys/signer.crt"), "--allow-test"};
    words.insert(words.end(), more);
    return run_captured(words);
  }

 private:
  Scratch scratch_;
};

}  // namespace

TEST_CASE("batch verify --second-trust: a second signature is vouched for, a stranger's, or not judged") {
  const SignedTwice trial(1);
  const Captured unjudged = trial.verify({});
  CHECK(unjudged.code == 0);
  CHECK_THAT(unjudged.out + unjudged.err, Contains("not judged"));

  const Captured vouched = trial.verify({"--second-trust", trial.file("keys/second.crt")});
  CHECK(vouched.code == 0);
  CHECK_THAT(vouched.out, Contains("vouches for the second signature"));
  CHECK_THAT(vouched.out + vouched.err, !Contains("not judged"));

  // Somebody else's SM2 certificate of the same name, and one that signed the batch but not as the second.
  for (const char* const other : {"stranger/second.crt", "keys/signer.crt", "keys/card.crt"}) {
    CAPTURE(other);
    const Captured foreign = trial.verify({"--second-trust", trial.file(other), "--json"});
    CHECK(foreign.code == 1);
    CHECK_THAT(Json::parse(foreign.out).at("faults").dump(), Contains("not by whom is trusted for it"));
  }
  // The word of one does not stand for the other's.
  CHECK(run_captured({"batch", "verify", trial.file("out"), "--trust", trial.file("keys/second.crt"), "--second-trust",
                      trial.file("keys/second.crt"), "--allow-test"})
            .code == 1);
  // What is no certificate, and what is not there.
  CHECK(trial.verify({"--second-trust", trial.file("order.csv")}).code != 0);
  CHECK(trial.verify({"--second-trust", trial.file("nothing.crt")}).code == 4);
}

TEST_CASE("batch verify --second-trust: a batch without a second signature is below what is asked for") {
  const SignedTwice trial(0);
  CHECK(trial.verify({}).code == 0);
  const Captured asked = trial.verify({"--second-trust", trial.file("keys/second.crt")});
  CHECK(asked.code == 7);
  CHECK_THAT(asked.out + asked.err, Contains("no second signature"));
  CHECK(trial.verify({"--require-signature", "ecdsa-p384"}).code == 0);
  CHECK(trial.verify({"--require-signature", "sm2"}).code == 7);
}

TEST_CASE("batch verify with three signatures: two anchors, kinds, and what --json says of each") {
  const SignedTwice trial(2);
  const Json plain = Json::parse(trial.verify({"--json"}).out);
  REQUIRE(plain.at("further_signatures").size() == 2);
  CHECK(plain.at("further_signatures")[0] == Json{{"subject", plain.at("second_signer").at("subject")},
                                                  {"kind", "sm2"},
                                                  {"checked", true},
                                                  {"trusted", false}});
  CHECK(plain.at("further_signatures")[1].at("kind") == "ed25519");

  const Captured both = trial.verify(
      {"--second-trust", trial.file("keys/third.crt"), "--second-trust", trial.file("keys/second.crt"), "--json"});
  CHECK(both.code == 0);
  const Json trusted = Json::parse(both.out);
  for (const Json& one : trusted.at("further_signatures"))
    CHECK(one.at("trusted") == true);
  CHECK(trusted.at("second_signer").at("trusted") == true);
  const Captured one = trial.verify({"--second-trust", trial.file("keys/third.crt"), "--json"});
  CHECK(one.code == 0);
  CHECK(Json::parse(one.out).at("second_signer").at("trusted") == false);
  CHECK(Json::parse(one.out).at("further_signatures")[1].at("trusted") == true);
  CHECK(
      trial
          .verify({"--second-trust", trial.file("keys/third.crt"), "--second-trust", trial.file("stranger/second.crt")})
          .code == 1);
  const std::string third = trial.file("keys/third.crt");
  CHECK(trial.verify({"--second-trust", third, "--second-trust", third, "--second-trust", third}).code == 2);

  CHECK(trial.verify({"--require-signature", "sm2,ed25519"}).code == 0);
  const Captured absent = trial.verify({"--require-signature", "sm2,ml-dsa-65"});
  CHECK(absent.code == 7);
  CHECK_THAT(absent.out, Contains("no signature of ML-DSA-65"));
  for (const char* const wrong : {"", "SM2", "sm2,", "dilithium", "sm2,,ed25519"}) {
    const Captured refused = trial.verify({"--require-signature", wrong});
    CAPTURE(wrong);
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("ecdsa-p384, ecdsa-p521, sm2, ed25519, ed448, ml-dsa-65, ml-dsa-87"));
  }
  const Captured floors = trial.verify({"--require-signature", "sm2", "--second-trust", third, "--explain"});
  CHECK_THAT(floors.out,
             Contains("a signature of SM2 with SM3 that holds") && Contains("a further signature, for which"));

  const std::vector<std::string> showing{"batch", "show", trial.file("out"), "--trust", trial.file("keys/signer.crt")};
  const auto show = [&](std::vector<std::string> more) {
    more.insert(more.begin(), showing.begin(), showing.end());
    return run_captured(more);
  };
  CHECK_THAT(show({}).out, Contains("(SM2; whose key it is was not judged)") &&
                               Contains("(Ed25519; whose key it is was not judged)"));
  CHECK_THAT(show({"--second-trust", third}).out, Contains("(Ed25519)\n"));
  CHECK(Json::parse(show({"--json"}).out).at("further_signatures").size() == 2);
  CHECK(show({"--require-signature", "ed448"}).code == 7);
  CHECK(show({"--require-signature", "ed25519"}).code == 0);
  const auto open = [&](std::vector<std::string> more, const char* output) {
    std::vector<std::string> words{"batch",
                                   "open",
                                   trial.file("out"),
                                   "--trust",
                                   trial.file("keys/signer.crt"),
                                   "--recipient-key",
                                   trial.file("keys/card.key"),
                                   "-o",
                                   trial.file(output)};
    words.insert(words.end(), more.begin(), more.end());
    return run_captured(words);
  };
  CHECK(open({"--require-signature", "ed448"}, "a.csv").code == 7);
  CHECK(open({"--require-signature", "sm2,ed25519", "--second-trust", third}, "b.csv").code == 0);
}

TEST_CASE("keys new and batch issue: which further signers there can be, said before anything is made") {
  const Scratch scratch;
  const auto file = [&](const std::string& name) { return (scratch.path() / name).string(); };
  for (const auto& [kind, words] : {std::pair("ed448", "Ed448"), std::pair("ecdsa-p521", "ECDSA P-521"),
                                    std::pair("sm2", "SM2"), std::pair("ml-dsa-65", "ML-DSA-65")}) {
    const Captured made = run_captured({"keys", "new", file(kind), "--second-signer", kind});
    CAPTURE(kind);
    if (!is_available(*signature_kind_from(kind))) {
      CHECK(made.code == 7);
      CHECK_THAT(made.err, Contains("does not offer ML-DSA-65; one of 3.5 or later does"));
      CHECK_FALSE(std::filesystem::exists(file(kind)));
      continue;
    }
    CHECK(made.code == 0);
    CHECK_THAT(made.err, Contains(std::string("second.crt, second.key: Key factory (") + words + ")"));
  }
  CHECK(run_captured({"keys", "new", file("x"), "--second-signer", "--second-signer", "sm2"}).code == 2);
  CHECK(run_captured({"keys", "new", file("x"), "--second-signer=ecdsa-p384"}).code == 2);
  CHECK(run_captured({"keys", "new", file("x"), "--second-signer", "ed448", "--second-signer", "sm2", "--second-signer",
                      "ed25519"})
            .code == 2);
  CHECK_FALSE(std::filesystem::exists(file("x")));

  REQUIRE(run_captured({"keys", "new", file("keys"), "--second-signer"}).code == 0);
  REQUIRE(run_captured({"keys", "new", file("more"), "--second-signer"}).code == 0);
  std::ofstream(file("order.csv")) << "iccid,imsi\n8988211000000000011,001010000000001\n";
  const auto issue = [&](std::vector<std::string> more) {
    std::vector<std::string> words = issue_words(scratch.path(), "sim:homodyne?seed=1", "2");
    words.insert(words.end(), more.begin(), more.end());
    return run_captured(words);
  };
  const std::string crt = "--second-signer", key = "--second-signer-key";
  CHECK_THAT(issue({crt, file("keys/second.crt")}).err, Contains("come together"));
  CHECK_THAT(issue({crt, file("keys/second.crt"), crt, file("more/second.crt"), key, file("keys/second.key")}).err,
             Contains("2 certificates and 1 key"));
  const Captured twice = issue({crt, file("keys/second.crt"), key, file("keys/second.key"), crt,
                                file("more/second.crt"), key, file("more/second.key")});
  CHECK(twice.code == 2);
  CHECK_THAT(twice.err, Contains("two further signatures of SM2"));
  CHECK_THAT(issue({crt, file("keys/signer.crt"), key, file("keys/signer.key")}).err,
             Contains("a further signature is of another one"));
  CHECK_THAT(issue({crt, file("keys/second.crt"), key, file("more/second.key")}).err, Contains("does not belong"));
  const std::string theirs = std::string(data_folder()) + "/ml_dsa_65/second.crt";
  if (!is_available(SignatureKind::ml_dsa_65)) {
    const Captured absent = issue({crt, theirs, key, file("keys/second.key")});
    CHECK(absent.code == 7);
    CHECK_THAT(absent.err, Contains("does not offer ML-DSA-65"));
  }
  CHECK_FALSE(std::filesystem::exists(file("out")));
}

}  // namespace lightseed::test
