// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>

#include "core/json.h"
#include "provision/ledger/ledger.h"
#include "tests/cli/issue_words.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"

// What `batch issue` says before a source is read.

namespace lightseed::test {
namespace {

using Catch::Contains;
using Catch::StartsWith;

/// Keys for a trial and an order of two SIMs.
class Trial {
 public:
  Trial() {
    REQUIRE(run_captured({"keys", "new", file("keys")}).code == 0);
    std::ofstream(file("order.csv"))
        << "iccid,imsi\n8988211000000000011,001010000000001\n8988211000000000029,001010000000002\n";
  }
  std::string keys_per_sim = "10";
  std::string source = "tty:/dev/nothing?driver=rava";  ///< it is not there: whoever opens it ends with code 3

  [[nodiscard]] std::string file(const char* name) const { return (scratch_.path() / name).string(); }
  [[nodiscard]] Captured issue(const std::vector<std::string>& more, cli::Console::Settings settings = {},
                               std::stop_token stop = {}) const {
    std::vector<std::string> words = issue_words(scratch_.path(), source, keys_per_sim);
    words.insert(words.end(), more.begin(), more.end());
    return run_captured(words, std::move(settings), std::move(stop));
  }

 private:
  Scratch scratch_;
};

/// A clock that goes on by ten seconds each time it is asked.
cli::Console::Settings ten_seconds_a_look(const std::function<void(int)>& at_look = [](int) {}) {
  auto looks = std::make_shared<int>(0);
  return {.now = [looks, at_look] {
    at_look(++*looks);
    return std::chrono::steady_clock::time_point() + std::chrono::seconds(10) * *looks;
  }};
}

TEST_CASE("batch issue --json: the faults of an order one by one, as order check lists them") {
  const Trial trial;
  std::string lines = "iccid,imsi\n8988211000000000012,001010000000001\n8988211000000000011,1\n";
  for (int i = 0; i < 1500; ++i)
    lines += "\"4711\",001010000000002\n";
  std::ofstream(trial.file("order.csv")) << lines;
  const Captured check = run_captured({"order", "check", trial.file("order.csv"), "--json"});
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--json"}, {"--json", "--dry-run"}}) {
    const Captured refused = trial.issue(more);
    CHECK(refused.code == 2);
    const Json error = Json::parse(refused.out).at("error");
    CHECK(error.at("bad_lines") == 1502);
    CHECK(error.at("faults").size() == 1000);
    CHECK(error.at("faults") == Json::parse(check.out).at("faults"));
    CHECK(error.at("faults")[0].at("file") == trial.file("order.csv"));
    CHECK(error.at("faults")[0].at("line") == 2);
    CHECK(error.at("faults")[0].at("column") == "iccid");
    CHECK(error.at("faults")[1].at("column") == "imsi");
    CHECK_THAT(error.at("faults")[0].at("reason").get<std::string>(), Contains("wrong check digit"));
    CHECK_THAT(refused.err, Contains("order.csv:21: ") && !Contains("order.csv:22: ") && Contains("and 1482 more"));
  }
  // Other errors have no faults of an order.
  std::ofstream(trial.file("order.csv")) << "PK\x03\x04";
  CHECK_FALSE(Json::parse(trial.issue({"--json"}).out).at("error").contains("faults"));
}

TEST_CASE("batch issue --dry-run: what would be made, and nothing is") {
  Trial trial;
  trial.source = "sim:homodyne?seed=1";
  const Captured plan = trial.issue({"--dry-run"});
  CHECK(plan.code == 0);
  CHECK_THAT(plan.out, StartsWith("order         order, 2 SIMs\n") &&
                           Contains("10 of 16 bytes for each SIM, 320 bytes together") &&
                           Contains("card side     1 file, at most ") && Contains("network side  1 file, at most ") &&
                           Contains(" needed, ") && Contains(" free") && Contains("\nsource        sim:homodyne?") &&
                           Contains(", simulated: claims ") && Contains("raw samples, at no known rate\n") &&
                           !Contains("\nseed ") && Contains("Nothing was made or changed."));
  CHECK_FALSE(std::filesystem::exists(trial.file("ledger.db")));
  CHECK_FALSE(std::filesystem::exists(trial.file("out")));
  const Json json = Json::parse(trial.issue({"--dry-run", "--json"}).out);
  CHECK(json.at("schema") == "lightseed/batch-issue-plan/v1");
  CHECK(json.at("sims") == 2);
  CHECK(json.at("key_bytes_total") == 320);
  CHECK(json.at("batch").is_null());
  CHECK(json.at("files").size() == 2);
  CHECK(json.at("new_ledger") == true);
  REQUIRE(json.at("sources").size() == 1);
  CHECK(json.at("sources")[0].at("seconds_at_least").is_null());
  const Captured seeded = trial.issue({"--dry-run", "--seed-source", "sim:ase?seed=2"});
  CAPTURE(seeded.err);
  CHECK_THAT(seeded.out, Contains("\nseed          sim:ase?"));
}

TEST_CASE("batch issue --dry-run --audit: the record and its time are counted, of every part") {
  Trial trial;
  trial.source = "sim:homodyne?seed=1";
  trial.keys_per_sim = "1000000";
  const Captured plan = trial.issue({"--dry-run", "--audit"});
  CHECK(plan.code == 0);
  CHECK_THAT(plan.out, Contains("\naudit         of 256000000 bits, 100000000 of them closely: 1 file, at most ") &&
                           Contains(" of a core\n"));
  trial.keys_per_sim = "10";
  const Json json = Json::parse(trial.issue({"--dry-run", "--audit", "--json"}).out);
  CHECK(json.at("audit").at("bits") == 2 * 10 * 16 * 8);
  CHECK(json.at("audit").at("files") == 1);
  const Json parts = Json::parse(trial.issue({"--dry-run", "--audit", "--part-sims", "1", "--json"}).out);
  CHECK(parts.at("rest").at("audit").at("files") == 2);
  CHECK_FALSE(Json::parse(trial.issue({"--dry-run", "--json"}).out).contains("audit"));
  CHECK_FALSE(std::filesystem::exists(trial.file("out")));
}

TEST_CASE("batch issue --audit: issue, show and verify print one line about it: sanity, not proof") {
  Trial trial;
  trial.source = "sim:homodyne?seed=1";
  trial.keys_per_sim = "100";
  const Captured issued = trial.issue({"--audit", "--json"});
  REQUIRE(issued.code == 0);
  // One good batch in a thousand comes to RETEST.
  CHECK_THAT(issued.err, Contains("audit of the keys: ") && Contains(" (sanity, not proof): "));
  const Json body = Json::parse(issued.out);
  const std::string verdict = body.at("audit").at("verdict");
  CHECK((verdict == "pass" || verdict == "retest"));
  CHECK(body.at("audit").at("bits") == 2 * 100 * 128);
  const std::string name = body.at("audit").at("name");
  CHECK(std::filesystem::exists(trial.file("out") + "/" + name));
  const std::vector<std::string> trust{"--trust", trial.file("keys/signer.crt")};
  const auto run = [&](std::vector<std::string> words, const std::vector<std::string>& more = {}) {
    words.push_back(trial.file("out"));
    words.insert(words.end(), trust.begin(), trust.end());
    words.insert(words.end(), more.begin(), more.end());
    return run_captured(words);
  };
  CHECK_THAT(run({"batch", "show"}).out,
             Contains("\naudit         ") && Contains(" (sanity, not proof): ") && Contains(name));
  const Captured verified = run({"batch", "verify"}, {"--allow-test"});
  CHECK(verified.code == 0);
  CHECK_THAT(verified.out, Contains("the audit of the keys has its certified SHA-256 and says ") &&
                               Contains(" (sanity, not proof): "));
  const Captured opened =
      run({"batch", "verify"}, {"--allow-test", "--json", "--recipient-key", trial.file("keys/card.key")});
  CHECK(Json::parse(opened.out).at("audit").at("made_again") == true);
  // A side that was sent alone comes with the record.
  std::filesystem::remove(trial.file("out") + "/" + name);
  const Captured missing = run({"batch", "verify"}, {"--allow-test", "--side", "card"});
  CHECK(missing.code == 1);
  CHECK_THAT(missing.out, Contains(name + " is missing"));
}

TEST_CASE("batch issue --dry-run: what would be refused is, with the same exit code") {
  Trial trial;
  std::ofstream(trial.file("order.csv")) << "iccid,imsi\n1,2\n";
  CHECK(trial.issue({"--dry-run"}).code == 2);
  CHECK(trial.issue({}).code == 2);
  std::ofstream(trial.file("order.csv")) << "iccid,imsi\n8988211000000000011,001010000000001\n";
  std::ofstream(trial.file("out")) << "a file";
  for (const std::vector<std::string>& more : {std::vector<std::string>{"--dry-run"}, {}}) {
    const Captured refused = trial.issue(more);
    CHECK(refused.code == 4);
    CHECK_THAT(refused.err, Contains("out"));
  }
  std::filesystem::remove(trial.file("out"));
  // The source is opened last, and judged by what it says of itself.
  CHECK(trial.issue({"--dry-run"}).code == 3);
  CHECK(trial.issue({}).code == 3);
  for (const char* const wrong : {"sim:homodine?seed=1", "file:none.bin?bits=8"}) {
    trial.source = wrong;
    CAPTURE(wrong);
    const Captured rehearsed = trial.issue({"--dry-run"});
    const Captured tried = trial.issue({});
    CHECK(rehearsed.code != 0);
    CHECK(rehearsed.code == tried.code);
    CHECK(rehearsed.err == tried.err);
  }
}

TEST_CASE("batch issue: a busy ledger is exit code 75 at once, or is waited for as long as was said") {
  const Trial trial;
  auto ledger = open_ledger(trial.file("ledger.db"), {.mode = LedgerAccess::Mode::issue});
  auto lock = ledger->issuing_lock();
  CHECK(trial.issue({"--dry-run"}).code == 75);
  const Captured busy = trial.issue({});
  CHECK(busy.code == 75);
  CHECK_THAT(busy.err, StartsWith("lightseed: another process"));
  const Captured waited = trial.issue({"--wait", "25"}, ten_seconds_a_look());
  CHECK(waited.code == 75);
  CHECK_THAT(waited.err, StartsWith("waiting, 0 of 25 s: another process") &&
                             Contains("\nlightseed: another process") && !Contains("10 of 25 s"));
  CHECK_THAT(trial.issue({"--wait", "5", "-q"}, ten_seconds_a_look()).err, StartsWith("lightseed: another process"));
  CHECK(trial.issue({"--wait", "0"}).code == 75);
  CHECK_THAT(trial.issue({"--wait="}).err, Contains("--wait= has no value"));
  CHECK(trial.issue({"--wait", "1x"}).code == 2);
  // When it is free the call goes on, here to a source that is not there.
  const Captured gone_on = trial.issue({"--wait"}, ten_seconds_a_look([&](int look) {
                                         if (look != 3) return;
                                         lock.reset();
                                         ledger.reset();
                                       }));
  CHECK(gone_on.code == 3);
  CHECK_THAT(gone_on.err, StartsWith("waiting, 0 s: another process"));
}

TEST_CASE("batch issue --wait: a line on a terminal, and a stop request ends it") {
  const Trial trial;
  const auto ledger = open_ledger(trial.file("ledger.db"), {.mode = LedgerAccess::Mode::issue});
  const auto lock = ledger->issuing_lock();
  std::stop_source stop;
  cli::Console::Settings settings = ten_seconds_a_look([&](int look) {
    if (look == 2) stop.request_stop();
  });
  settings.err_is_terminal = true;
  settings.columns = [] { return 40U; };
  const Captured stopped = trial.issue({"--wait"}, settings, stop.get_token());
  CHECK(stopped.code == 130);
  CHECK_THAT(stopped.err, Contains("waiting, 10 s: ") && Contains("interrupted while waiting; nothing was begun"));
  CHECK_FALSE(std::filesystem::exists(trial.file("out")));
}

}  // namespace
}  // namespace lightseed::test
