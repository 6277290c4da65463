// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/merkle.h"
#include "provision/issue_order.h"
#include "provision/ledger/ledger.h"
#include "provision/order_certificate.h"
#include "provision/order_parts.h"
#include "provision/verify_order.h"
#include "tests/category_of.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
using test::AssessedOffice;
using test::category_of;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t a_part = 2;  // of the office's three SIMs: two parts

/// An office whose order was issued in two parts.
class PartsShop {
 public:
  PartsShop() { (void)issue_order(office.request(), a_part, AssessedOffice::services()); }

  [[nodiscard]] OrderVerifyReport verify(const char* order_id = nullptr) const {
    VerifyRequest request;
    request.policy.allow_test = true;
    if (order_id != nullptr) request.order = read_order(office.path("order.csv"), order_id);
    return verify_order(office.path("out"), TrustAnchor::read(office.file("signer.crt")), request);
  }
  [[nodiscard]] fs::path part(std::uint64_t number) const {
    return office.path("out") / OrderParts("o1", 3, 2).directory(number);
  }

  AssessedOffice office;
};

/// Some fault says these words.
void check_fault(const OrderVerifyReport& report, const std::string& words) {
  CHECK_FALSE(report.valid());
  std::string all;
  for (const std::string& fault : report.faults)
    all += fault + "\n";
  CHECK_THAT(all, Catch::Contains(words));
}

/// The source ends in the middle of the second part.
IssueServices services_until_part(int last) {
  IssueServices services = AssessedOffice::services();
  const auto count = std::make_shared<int>(0);
  services.open_source = [=, open = services.open_source]() -> std::unique_ptr<Source> {
    if (++*count > last) throw Error(Category::health, "an alarm");
    return open();
  };
  return services;
}

}  // namespace

TEST_CASE("order in parts: the cut covers every SIM once, and epsilon is shared so that it adds up") {
  for (const std::uint64_t sims : {1U, 2U, 3U, 999U, 1000U, 1001U})
    for (const std::uint64_t size : {1U, 2U, 7U, 1000U, 5000U}) {
      const OrderParts parts("o", sims, size);
      std::uint64_t next = 0;
      double epsilon = 0;
      for (std::uint64_t number = 1; number <= parts.count(); ++number) {
        CHECK(parts.first_sim(number) == next);
        CHECK((parts.sims(number) == size || number == parts.count()));
        next += parts.sims(number);
        epsilon += std::exp2(parts.log2_epsilon_of_part(-64) + 64);
      }
      CHECK(next == sims);
      CHECK(epsilon <= 1);
    }
  CHECK(category_of([] { OrderParts("o", 3, 0); }) == Category::usage);
  CHECK(category_of([] { OrderParts("o", 100'000, 1); }) == Category::usage);
  CHECK(category_of([] { OrderParts(std::string(120, 'x'), 30, 2); }) == Category::usage);
}

TEST_CASE("order in parts: issued as batches, bound by one certificate, verified part by part") {
  const PartsShop shop;
  const OrderVerifyReport report = shop.verify("o1");
  CHECK(report.faults == std::vector<std::string>{});
  CHECK(report.refusals == std::vector<std::string>{});
  CHECK(report.parts_valid == 2);
  CHECK(report.certificate.sims == 3);
  CHECK(report.certificate.log2_epsilon == -64);
  CHECK(report.certificate.purpose == "TEST");
  const auto ledger = open_ledger(shop.office.file("ledger.db"), {});
  REQUIRE(ledger->batches().size() == 2);
  CHECK(ledger->batches()[0].order_id == "o1.1-of-2");
  CHECK(ledger->batches()[1].order_id == "o1.2-of-2");
  VerifyRequest strict;  // a simulator
  const OrderVerifyReport refused =
      verify_order(shop.office.path("out"), TrustAnchor::read(shop.office.file("signer.crt")), strict);
  CHECK_FALSE(refused.valid());
  CHECK(refused.parts_valid == 0);
  // That the policy wants more does not make the parts less sound.
  CHECK(refused.faults == std::vector<std::string>{});
  CHECK(std::ranges::count(refused.checks, "all 2 parts verify, each as a batch") == 1);
}

TEST_CASE("order in parts: the same call again finds everything; another cut, or another request, is refused") {
  const PartsShop shop;
  const OrderIssueResult again = issue_order(shop.office.request(), a_part, AssessedOffice::no_source());
  CHECK(again.issued_before == 2);
  CHECK(again.key_bytes == 480);
  CHECK(category_of([&] { (void)issue_order(shop.office.request(), 1, AssessedOffice::no_source()); }) !=
        Category::device);
  IssueRequest more = shop.office.request();
  more.keys_per_sim = 11;
  CHECK(category_of([&] { (void)issue_order(more, a_part, AssessedOffice::no_source()); }) == Category::refused);
  CHECK(category_of([&] { (void)issue(shop.office.request("o2", "out2"), AssessedOffice::no_source()); }) ==
        Category::refused);
}

TEST_CASE("order in parts: lines in a temporary file are planned, issued and verified as those in memory") {
  const AssessedOffice office;
  IssueRequest request = office.request();
  request.order = examine_order(office.path("order.csv"), "o1", 20, {.lines = 1, .piece = 2}).order;
  const OrderRemainder all = remainder_of(request, 1);
  CHECK(all.parts == 3);
  CHECK(all.request.order.lines.size() == 3);

  // Another host has made the second part.
  fs::create_directory(office.path("out"));
  const OrderParts parts("o1", 3, 1);
  IssueRequest second = request;
  second.order = parts.cut(request.order, 2);
  second.directory = office.path("out") / OrderParts::directory(2);
  second.log2_epsilon = parts.log2_epsilon_of_part(request.log2_epsilon);
  (void)issue(second, AssessedOffice::services());
  const OrderRemainder rest = remainder_of(request, 1);
  CHECK(rest.issued == 1);
  REQUIRE(rest.request.order.lines.size() == 2);
  CHECK(rest.request.order.lines[0].iccid == "8988211000000000011");
  CHECK(rest.request.order.lines[1].iccid == "89882110000000000333");

  CHECK(issue_order(request, 1, AssessedOffice::services()).issued_before == 1);
  CHECK(remainder_of(request, 1).request.order.lines.empty());
  VerifyRequest look;
  look.policy.allow_test = true;
  look.order = request.order;
  look.key = RecipientKey::read(office.file("perso.key"));
  const OrderVerifyReport report = verify_order(office.path("out"), TrustAnchor::read(office.file("signer.crt")), look);
  CHECK(report.faults == std::vector<std::string>{});
  CHECK(report.parts_valid == 3);
  CHECK(std::ranges::count(report.checks, "3 SIMs were opened, and none is in two parts") == 1);
}

TEST_CASE("order in parts: an alarm costs the part it came in, and the same call goes on with that one") {
  const AssessedOffice office;
  try {
    (void)issue_order(office.request(), a_part, services_until_part(1));
    FAIL("it was issued");
  } catch (const Error& why) {
    CHECK(why.category() == Category::health);
    CHECK_THAT(why.what(), Catch::Contains("part 2 of 2: an alarm") && Catch::Contains("goes on with part 2"));
  }
  CHECK_FALSE(has_order_certificate(office.path("out")));
  const auto before = open_ledger(office.file("ledger.db"), {})->batches();
  const OrderIssueResult result = issue_order(office.request(), a_part, AssessedOffice::services());
  CHECK(result.issued_before == 1);
  const auto after = open_ledger(office.file("ledger.db"), {})->batches();
  CHECK(after.front().id == before.front().id);
  CHECK(after.back().state == BatchState::issued);
}

TEST_CASE("order in parts: what would end a later part is found before the first is begun") {
  const AssessedOffice office;
  // The third SIM has keys from elsewhere.
  std::ofstream(office.path("third.csv")) << "iccid,imsi\n89882110000000000333,001010000000003\n";
  IssueRequest third = office.request("third", "third");
  third.order = read_order(office.path("third.csv"), "third");
  (void)issue(third, AssessedOffice::services());
  CHECK(category_of([&] { (void)issue_order(office.request(), a_part, AssessedOffice::no_source()); }) ==
        Category::refused);
  CHECK(open_ledger(office.file("ledger.db"), {})->batches().size() == 1);
  CHECK_FALSE(fs::exists(office.path("out")));

  const AssessedOffice other;
  fs::create_directory(other.path("out"));
  std::ofstream(other.path("out") / "letter.txt") << "mine";
  CHECK(category_of([&] { (void)issue_order(other.request(), a_part, AssessedOffice::no_source()); }) == Category::io);
}

TEST_CASE("order in parts: what stands in the way of a later part is found before the first is begun") {
  const AssessedOffice office;
  const auto refused = [&] {
    return category_of([&] { (void)issue_order(office.request(), a_part, AssessedOffice::no_source()); });
  };
  fs::create_directory(office.path("out"));
  const fs::path second = office.path("out") / OrderParts::directory(2);
  SECTION("files in a part's place") {
    fs::create_directory(second);
    std::ofstream(second / "letter.txt") << "mine";
    CHECK(refused() == Category::io);
  }
  SECTION("a link in a part's place") {
    fs::create_directory_symlink(office.path("out"), second);
    CHECK(refused() == Category::io);
  }
  SECTION("a hidden file that is not ours") {
    std::ofstream(office.path("out") / ".hidden") << "mine";
    CHECK(refused() == Category::io);
  }
  SECTION("the certificate of another order") {
    IssueRequest other = office.request("o2", "other");
    other.ledger = office.file("other.db");
    (void)issue_order(other, a_part, AssessedOffice::services());
    fs::copy_file(office.path("other") / order_certificate_name, office.path("out") / order_certificate_name);
    CHECK(refused() == Category::refused);
  }
  SECTION("a certificate by a stranger") {
    std::ofstream(office.path("out") / order_certificate_name) << "{}";
    CHECK(refused() == Category::refused);
  }
  CHECK_FALSE(fs::exists(office.file("ledger.db")));
}

TEST_CASE("order in parts: an order is cut one way") {
  const PartsShop shop;
  const auto refusal = [&](const IssueRequest& request) {
    try {
      (void)issue(request, AssessedOffice::no_source());
    } catch (const Error& why) {
      return std::string(why.what());
    }
    return std::string();
  };
  IssueRequest whole = shop.office.request("o1", "whole");
  whole.top_up = true;
  CHECK_THAT(refusal(whole), Catch::Contains("was cut into 2 parts already") && Catch::Contains("with 2 SIMs"));
  CHECK(OrderParts::parts_by("o1", "o1.2-of-17") == 17);
  for (const char* const id : {"o1", "o1.2-of-", "o1.-of-2", "o1.02-of-3", "o1.2-of-3x", "o2.2-of-3", "o1x.2-of-3"})
    CHECK_FALSE(OrderParts::parts_by("o1", id));
  IssueRequest one = shop.office.request("one", "one");
  one.top_up = true;
  (void)issue(one, AssessedOffice::services());
  IssueRequest cut = shop.office.request("one", "cut");
  cut.top_up = true;
  CHECK(category_of([&] { (void)issue_order(cut, a_part, AssessedOffice::no_source()); }) == Category::refused);
}

TEST_CASE("order in parts: a missing part, an exchanged one, a stray and a lie are found") {
  const PartsShop shop;
  SECTION("a part is missing") {
    fs::remove_all(shop.part(2));
    check_fault(shop.verify(), "part 2: ");
  }
  SECTION("parts have changed places") {
    fs::rename(shop.part(1), shop.office.path("aside"));
    fs::rename(shop.part(2), shop.part(1));
    fs::rename(shop.office.path("aside"), shop.part(2));
    check_fault(shop.verify(), "should be of o1.1-of-2");
    check_fault(shop.verify(), "Merkle root differs");
  }
  SECTION("a part of another issue of the same order") {
    IssueRequest twin = shop.office.request();
    twin.ledger = shop.office.file("other.db");
    twin.directory = shop.office.path("twin");
    (void)issue_order(twin, a_part, AssessedOffice::services("sim:homodyne?seed=2"));
    fs::remove_all(shop.part(2));
    fs::rename(shop.office.path("twin") / shop.part(2).filename(), shop.part(2));
    check_fault(shop.verify("o1"), "Merkle root differs");
  }
  SECTION("a stray") {
    fs::copy(shop.part(1), shop.office.path("out") / "part-00003", fs::copy_options::recursive);
    check_fault(shop.verify(), "does not belong to the order");
  }
  SECTION("another order file") {
    check_fault(shop.verify("o2"), "the order file is not that one");
  }
  SECTION("a signer who lies about the whole") {
    OrderCertificate lie = shop.verify().certificate;
    const std::string signer = shop.office.file("signer.crt");
    const auto tell = [&] {
      fs::remove(shop.office.path("out") / order_certificate_name);
      write_order_certificate(shop.office.path("out"), lie,
                              Signer(signer, shop.office.file("signer.key"), std::time(nullptr)));
    };
    lie.purpose = "PRODUCTION";
    tell();
    check_fault(shop.verify(), "the certificate says PRODUCTION");
    lie = {.order_id = lie.order_id,
           .order_sha256 = lie.order_sha256,
           .sims = 3,
           .parts = 2,
           .sims_a_part = 2,
           .keys_per_sim = 10,
           .key_bytes = 16,
           .log2_epsilon = -90,
           .purpose = "TEST",
           .merkle_root = lie.merkle_root,
           .moment = lie.moment};
    tell();
    check_fault(shop.verify(), "are not within 2^-90");
    lie.log2_epsilon = -64;
    lie.keys_per_sim = 11;
    tell();
    check_fault(shop.verify(), "and should have 2 with 11");
    lie.sims = lie.parts = 1'000'000;
    lie.sims_a_part = 1;
    tell();
    CHECK(category_of([&] { (void)shop.verify(); }) == Category::verdict);
  }
  SECTION("a part that is a link") {
    fs::rename(shop.part(1), shop.office.path("aside"));
    fs::create_directory_symlink(shop.office.path("aside"), shop.part(1));
    check_fault(shop.verify(), "no directory of its own");
  }
  SECTION("a signer who binds a SIM twice") {
    const AssessedOffice office;
    std::ofstream(office.path("order.csv")) << "iccid,imsi\n8988211000000000011,001010000000001\n";
    std::vector<Sha256Digest> leaves;
    fs::create_directory(office.path("out"));
    for (const std::uint64_t number : {1U, 2U}) {
      const OrderParts parts("o1", 2, 1);
      IssueRequest part = office.request(parts.id(number));
      part.directory = office.path("out") / OrderParts::directory(number);
      part.ledger = office.file("ledger") + std::to_string(number);
      part.log2_epsilon = -65;
      const IssueResult issued = issue(part, AssessedOffice::services());
      leaves.push_back(merkle_leaf(sha256_of_file((issued.directory / issued.certificate).string())));
    }
    const IssueRequest request = office.request();
    write_order_certificate(office.path("out"),
                            {.order_id = "o1",
                             .order_sha256 = request.order.sha256,
                             .sims = 2,
                             .parts = 2,
                             .sims_a_part = 1,
                             .keys_per_sim = 10,
                             .key_bytes = 16,
                             .log2_epsilon = -64,
                             .purpose = "TEST",
                             .merkle_root = hex(merkle_root(leaves)),
                             .moment = utc_text(std::time(nullptr))},
                            request.signer);
    VerifyRequest look;
    look.policy.allow_test = true;
    const TrustAnchor trust = TrustAnchor::read(office.file("signer.crt"));
    CHECK(verify_order(office.path("out"), trust, look).valid());  // nobody without a key can see it
    look.key = RecipientKey::read(office.file("perso.key"));
    check_fault(verify_order(office.path("out"), trust, look), "a SIM is in two parts");
  }
  SECTION("a stranger") {
    const OrderCertificate certificate = shop.verify().certificate;
    fs::remove(shop.office.path("out") / order_certificate_name);
    write_order_certificate(shop.office.path("out"), certificate,
                            Signer(shop.office.file("auc.crt"), shop.office.file("auc.key"), std::time(nullptr)));
    CHECK(category_of([&] { (void)shop.verify(); }) == Category::verdict);
  }
}
