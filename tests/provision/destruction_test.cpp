// SPDX-License-Identifier: Apache-2.0
#include "provision/destruction.h"

#include <catch2/catch.hpp>
#include <ctime>
#include <fstream>
#include <string>

#include "core/error.h"
#include "tests/category_of.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
using test::AssessedOffice;
using test::category_of;
namespace fs = std::filesystem;

namespace {

/// An issued batch in "out", and its ledger.
class DestroyingShop {
 public:
  DestroyingShop() { (void)issue(office.request(), AssessedOffice::services()); }

  Destruction destroy(const char* record, const char* signer = "signer") const {
    const auto ledger = open_ledger(office.file("ledger.db"), {.mode = LedgerAccess::Mode::issue});
    const auto lock = ledger->issuing_lock();
    const std::string certificate = office.file(std::string(signer) + ".crt");
    return destroy_batch({.directory = office.path("out"),
                          .record = office.file(record),
                          .reason = "as a test",
                          .now = std::time(nullptr)},
                         TrustAnchor::read(office.file("signer.crt")),
                         Signer(certificate, office.file(std::string(signer) + ".key"), std::time(nullptr)), *ledger);
  }
  [[nodiscard]] std::size_t files() const { return office.entries("out").size(); }

  AssessedOffice office;
};

}  // namespace

TEST_CASE("destruction: a record, the ledger's word, and the key files are gone; the certificate stays") {
  const DestroyingShop shop;
  const Destruction done = shop.destroy("record.json");
  CHECK(done.removed == 2);
  CHECK(done.record.files.size() == 2);
  CHECK(shop.files() == 1);
  const auto ledger = open_ledger(shop.office.file("ledger.db"), {});
  CHECK(ledger->stages(done.record.batch) == std::vector{std::pair(BlockStage::destroyed, std::uint64_t{3})});
  CHECK(ledger->events().back().subject == done.record_sha256);
  CHECK(ledger->examine(Depth::blocks).faults.empty());
  CHECK(category_of([&] { shop.destroy("second.json"); }) == Category::refused);
}

TEST_CASE("destruction: a call that was cut off goes on with the record it wrote") {
  const DestroyingShop shop;
  // The record is on the disk and in the ledger; one file is not gone yet.
  const fs::path left = shop.office.entries("out").back();
  fs::copy_file(left, shop.office.path("left"));
  const Destruction first = shop.destroy("record.json");
  fs::copy_file(shop.office.path("left"), left);
  const Destruction again = shop.destroy("record.json");
  CHECK(again.record == first.record);
  CHECK(again.removed == 1);
}

TEST_CASE("destruction: nothing is removed on the word of something else") {
  const DestroyingShop shop;
  std::ofstream(shop.office.file("record.json")) << "something else";
  CHECK(category_of([&] { shop.destroy("record.json"); }) == Category::refused);
  CHECK(category_of([&] { shop.destroy("nowhere/record.json"); }) == Category::io);
  // A ledger that did not issue it.
  fs::rename(shop.office.file("ledger.db"), shop.office.file("other.db"));
  fs::rename(shop.office.file("ledger.db.head"), shop.office.file("other.db.head"));
  CHECK(category_of([&] { shop.destroy("fresh.json"); }) == Category::refused);
  CHECK(!fs::exists(shop.office.file("fresh.json")));
  CHECK(shop.files() == 3);
}
