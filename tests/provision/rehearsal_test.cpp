// SPDX-License-Identifier: Apache-2.0
#include "provision/rehearsal.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <utility>

#include "provision/ledger/ledger.h"
#include "provision/ledger/sqlite/database.h"
#include "provision/preflight.h"
#include "tests/provision/assessed_office.h"
#include "tests/provision/ledger/samples.h"

// A rehearsal says what issue() would, and leaves no trace.

namespace lightseed::test {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

/// Every file below the office's directory with its size and time.
std::vector<std::string> traces(const Office& office) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(office.path(".")))
    all.push_back(fmt::format("{} {} {}", entry.path().string(), entry.is_regular_file() ? entry.file_size() : 0,
                              entry.last_write_time().time_since_epoch().count()));
  std::sort(all.begin(), all.end());
  return all;
}

/// A source that may be opened and asked what it is, at a rate and with a claim of the test's choice.
class Unread : public Source {
 public:
  explicit Unread(double rate = 0, double claim = 6) {
    info_.uri = fmt::format("test:unread?rate={}", rate);
    info_.driver = "test:unread";
    info_.format = {.bits = 8, .container_bits = 8};
    info_.claim = {.bits_per_sample = claim, .basis = MinEntropy::Basis::modelled, .method = "", .assumptions = {}};
    info_.nominal_rate = rate;
  }
  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override { FAIL("the source was started"); }
  [[nodiscard]] Read read(std::span<std::byte>, const Patience&) override { return {.state = ReadState::fault}; }
  void stop() noexcept override {}

 private:
  SourceInfo info_;
};

IssueServices not_to_be_read(double rate = 0, double claim = 6) {
  IssueServices services;
  services.open_source = [=] { return std::make_unique<Unread>(rate, claim); };
  return services;
}

/// How it ended: the category, or nothing; and its words.
using End = std::pair<std::optional<Category>, std::string>;

End end_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.category(), error.what()};
  }
  return {};
}

End rehearsed(const Office& office, const IssueRequest& request, const IssueServices& services = not_to_be_read()) {
  const auto before = traces(office);
  End end = end_of([&] { (void)rehearse(request, services); });
  CHECK(traces(office) == before);
  return end;
}

/// The rehearsal ends as the call itself, which must be refused before the source is opened.
void check_same_refusal(const Office& office, const IssueRequest& request, const char* words) {
  CAPTURE(words);
  const End first = rehearsed(office, request, Office::no_source());
  const End then = end_of([&] { (void)issue(request, Office::no_source()); });
  CHECK_THAT(first.second, Contains(words));
  CHECK(first.first == then.first);
  CHECK(first.second == then.second);
}

TEST_CASE("rehearsal: what it says is what is then made, and it makes nothing") {
  const Office office;
  const IssueRequest request = office.request();
  const auto before = traces(office);
  const IssuePlan plan = rehearse(request, not_to_be_read());
  CHECK(traces(office) == before);
  CHECK(plan.new_ledger);
  CHECK_FALSE(plan.already_issued);
  CHECK(plan.sims == 3);
  CHECK(plan.top_ups == 0);
  const IssueResult result = issue(request, Office::services());
  CHECK(plan.directory == result.directory);
  CHECK(plan.key_bytes == result.key_bytes);
  REQUIRE(plan.files.size() == result.files.size());
  for (std::size_t i = 0; i < plan.files.size(); ++i) {
    CHECK(plan.files[i].outlet == result.files[i].outlet);
    CHECK(plan.files[i].blocks == result.files[i].blocks);
    CHECK(plan.files[i].bytes_at_most >= result.files[i].bytes);
    CHECK(plan.files[i].bytes_at_most < 2 * result.files[i].bytes);
  }
  const auto bytes = std::accumulate(plan.files.begin(), plan.files.end(), std::uint64_t{0},
                                     [](auto sum, const auto& file) { return sum + file.bytes_at_most; });
  CHECK(plan.bytes_needed >= bytes);
  CHECK(plan.bytes_free.value() > plan.bytes_needed);
}

TEST_CASE("rehearsal: how many raw samples at least, and how long they take at the source's rate") {
  const Office office;
  IssueRequest request = office.request();
  const PlannedSource slow = rehearse(request, not_to_be_read(1000)).source.value();
  CHECK(slow.raw_samples > 1'000'000);  // those that are assessed
  CHECK(slow.raw_samples < 1'010'000);
  CHECK(slow.seconds.value() == Approx(static_cast<double>(slow.raw_samples) / 1000));
  CHECK_FALSE(rehearse(request, not_to_be_read()).source->seconds);
  // Ten times the keys take ten times the samples, and half of the claim twice as many.
  request.keys_per_sim = 100'000;
  const auto keys_alone = [&](double claim) {
    return static_cast<double>(rehearse(request, not_to_be_read(0, claim)).source->raw_samples - 1'000'000);
  };
  const double some = keys_alone(6);
  CHECK(some > 3 * 100'000 * 16 * 8 / 6.0);
  CHECK(keys_alone(3) / some == Approx(2).epsilon(0.1));
  request.keys_per_sim = 500'000;
  CHECK(keys_alone(6) / some == Approx(5).epsilon(0.02));
}

TEST_CASE("rehearsal: what a source says of itself is judged as it would be") {
  const Office office;
  IssueRequest request = office.request();
  const auto check_same = [&](const IssueServices& services, Category category, const char* words) {
    CAPTURE(words);
    const End first = rehearsed(office, request, services);
    const End then = end_of([&] { (void)issue(request, services); });
    CHECK(first.first == category);
    CHECK_THAT(first.second, Contains(words));
    CHECK(first == then);
  };
  check_same(Office::no_source(), Category::device, "the source was opened");
  check_same(not_to_be_read(0, 0), Category::refused, "makes no min-entropy claim");
  check_same(not_to_be_read(0, 1e-9), Category::refused, "");
  IssueServices services = not_to_be_read(1000);
  request.seed_source = "test:unread?rate=1000";
  services.open_seed_source = services.open_source;
  check_same(services, Category::refused, "cannot give the seed");
  services.open_seed_source = [] { return std::make_unique<Unread>(500); };
  const IssuePlan plan = rehearse(request, services);
  CHECK(plan.seed_source.value().seconds.value() > 2000);
  CHECK(plan.source.value().seconds.value() < 1100);
}

TEST_CASE("rehearsal: large orders go into several files") {
  const Office office;
  IssueRequest request = office.request();
  request.keys_per_sim = 500'000;
  const IssuePlan plan = rehearse(request, not_to_be_read());
  REQUIRE(plan.files.size() == 4);
  CHECK(plan.files[0].blocks == 2);
  CHECK(plan.files[1].blocks == 1);
  CHECK(plan.files[1].number == 2);
  CHECK(plan.files[2].outlet == "network");
  CHECK(plan.files[0].bytes_at_most > 16'000'000);
}

TEST_CASE("rehearsal: wrong calls end as they would, and leave nothing") {
  const Office office;
  IssueRequest request = office.request();
  request.directory = office.path("no/such/place");
  check_same_refusal(office, request, "make it first");
  request.directory = "/";
  check_same_refusal(office, request, "no name for a batch's directory");
  request.directory = office.path("order.csv");
  check_same_refusal(office, request, "order.csv");
  request.directory = office.path(".");
  check_same_refusal(office, request, "not an empty directory");
  request = office.request();
  request.key_bytes = 15;
  check_same_refusal(office, request, "a key has 16 to 64");
  request = office.request();
  request.outlets.pop_back();
  check_same_refusal(office, request, "has no recipient");
  request = office.request();
  request.ledger = office.file("order.csv");
  check_same_refusal(office, request, "is no ledger of Lightseed");
  for (const char* const name : {"", ":memory:", "mysql:x", "no/such/ledger.db"}) {
    request.ledger = name;
    check_same_refusal(office, request, "");
  }
  request = office.request();
  std::ofstream(office.file("ledger.db.head"))
      << R"({"id": "00000000-0000-7000-8000-000000000000", "sequence": 3, "chain_head": ")" << std::string(64, 'a')
      << "\"}";
  check_same_refusal(office, request, "ledger.db.head");
}

TEST_CASE("rehearsal: repeats end as they would") {
  const AssessedOffice office;
  const IssueResult first = issue(office.request(), AssessedOffice::services());
  const auto before = traces(office);
  const IssuePlan again = rehearse(office.request(), not_to_be_read());
  CHECK(traces(office) == before);
  CHECK(again.already_issued);
  CHECK(again.batch == first.batch);
  CHECK(again.files.empty());
  IssueRequest request = office.request();
  request.key_bytes = 32;
  check_same_refusal(office, request, "differs from that one in the length of a key");
  check_same_refusal(office, office.request("o1", "elsewhere"), "its files are in");
  check_same_refusal(office, office.request("o2", "second"), "3 of the order's 3 SIMs have keys already");
  request = office.request("o2", "second");
  request.top_up = true;
  CHECK(rehearse(request, not_to_be_read()).top_ups == 3);
  request.directory = office.path("out");
  check_same_refusal(office, request, "not an empty directory");
}

TEST_CASE("rehearsal: a ledger that cannot be issued from is found") {
  const Office office;
  (void)issue(office.request(), Office::services());
  IssueRequest request = office.request("o2", "second");
  request.top_up = true;
  fs::rename(office.path("ledger.db.head"), office.path("kept"));
  check_same_refusal(office, request, "is missing");
  request.without_ledger_memory = true;
  CHECK_FALSE(rehearsed(office, request).first);
  fs::rename(office.path("kept"), office.path("ledger.db.head"));
  {
    const auto ledger = open_ledger(request.ledger, {.mode = LedgerAccess::Mode::issue});
    const auto lock = ledger->issuing_lock();
    const End busy = rehearsed(office, request);
    CHECK(busy.first == Category::busy);
    CHECK_THAT(busy.second, Contains("is issuing from the ledger"));
  }
  {
    const TargetReservation reservation(request.directory);
    check_same_refusal(office, request, "another process is making a batch for");
  }
  REQUIRE(chmod(office.file("ledger.db").c_str(), 0660) == 0);
  check_same_refusal(office, request, "may be changed by others");
  REQUIRE(chmod(office.file("ledger.db").c_str(), 0400) == 0);
  if (geteuid() != 0) CHECK(rehearsed(office, request).first == Category::io);
  REQUIRE(chmod(office.file("ledger.db").c_str(), 0600) == 0);
  Database(office.path("ledger.db"), Database::Mode::write).execute("UPDATE batch SET directory = '/elsewhere'");
  CHECK(failure_of(request, Office::no_source(), "were changed since it began") == Category::refused);
  const End changed = rehearsed(office, request);
  CHECK(changed.first == Category::refused);
  CHECK_THAT(changed.second, Contains("were changed since it began"));
}

TEST_CASE("rehearsal: what a dead run left is told, and counts as burned") {
  const Office office;
  {
    const auto ledger = open_ledger(office.file("ledger.db"), {.mode = LedgerAccess::Mode::issue});
    BatchRecord dead = sample_batch("0190aaaa-0000-7000-8000-000000000001", "o1");
    dead.directory = office.file("out");
    ledger->begin(dead);
    const BlockEntry blocks[] = {sample_block(1, "8988211000000000011")};
    ledger->add_blocks(dead.id, blocks);
  }
  const auto before = traces(office);
  std::string told;
  IssueServices listening = not_to_be_read();
  listening.notice = [&](const std::string& words) { told += words; };
  const IssuePlan plan = rehearse(office.request(), listening);
  CHECK(traces(office) == before);
  CHECK_THAT(told, Contains("0190aaaa-0000-7000-8000-000000000001 of order o1 was cut off: it would be burned first"));
  CHECK(plan.top_ups == 0);
  CHECK_FALSE(plan.already_issued);
  CHECK(issue(office.request(), Office::services()).files.size() == plan.files.size());
}

TEST_CASE("waiting: a busy ledger or target is asked for again, until it is free or nobody waits any longer") {
  const Office office;
  const IssueRequest request = office.request();
  auto ledger = open_ledger(request.ledger, {.mode = LedgerAccess::Mode::issue});
  auto lock = ledger->issuing_lock();
  std::optional<TargetReservation> reservation(request.directory);
  int asked = 0;
  IssueServices services = Office::services();
  services.while_busy = [&](const Error& busy) {
    ++asked;
    if (asked == 1) CHECK_THAT(busy.what(), Contains("is issuing from the ledger"));
    if (asked == 2) {
      lock.reset();
      ledger.reset();
    }
    if (asked == 3) CHECK_THAT(busy.what(), Contains("another process is making a batch"));
    if (asked == 4) reservation.reset();
    return true;
  };
  CHECK(issue(request, services).files.size() == 2);
  CHECK(asked == 4);
}

TEST_CASE("waiting: whoever gives up is refused as without, and the place is looked at again afterwards") {
  const Office office;
  const IssueRequest request = office.request();
  std::optional<TargetReservation> reservation(request.directory);
  IssueServices services = Office::no_source();
  int asked = 0;
  services.while_busy = [&](const Error&) { return ++asked < 3; };
  CHECK(failure_of(request, services, "another process is making a batch") == Category::busy);
  CHECK(asked == 3);
  services.while_busy = [&](const Error&) {
    // The other run has ended, and its batch is there.
    reservation.reset();
    fs::create_directory(request.directory);
    std::ofstream(request.directory / "batch");
    return true;
  };
  CHECK(failure_of(request, services, "not an empty directory") == Category::io);
  CHECK_FALSE(fs::exists(request.ledger));
}

}  // namespace
}  // namespace lightseed::test
