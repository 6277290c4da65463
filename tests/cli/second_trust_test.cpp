// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>
#include <initializer_list>

#include "core/json.h"
#include "tests/cli/issue_words.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"

// `batch verify --second-trust`: whose the second signature is.

namespace lightseed::test {
namespace {

using Catch::Contains;

/// A batch with a second signature, and a stranger's certificates.
class SignedTwice {
 public:
  explicit SignedTwice(bool with_second) {
    REQUIRE(run_captured({"keys", "new", file("keys"), "--second-signer"}).code == 0);
    REQUIRE(run_captured({"keys", "new", file("stranger"), "--second-signer"}).code == 0);
    std::ofstream(file("order.csv")) << "iccid,imsi\n8988211000000000011,001010000000001\n";
    std::vector<std::string> words = issue_words(scratch_.path(), "sim:homodyne?seed=1", "2");
    if (with_second) {
      words.insert(words.end(),
                   {"--second-signer", file("keys/second.crt"), "--second-signer-key", file("keys/second.key")});
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
  const SignedTwice trial(true);
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
  const SignedTwice trial(false);
  CHECK(trial.verify({}).code == 0);
  const Captured asked = trial.verify({"--second-trust", trial.file("keys/second.crt")});
  CHECK(asked.code == 7);
  CHECK_THAT(asked.out + asked.err, Contains("no second signature"));
}

}  // namespace lightseed::test
