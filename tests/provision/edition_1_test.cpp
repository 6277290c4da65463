// SPDX-License-Identifier: Apache-2.0
// The golden batches of edition 1 were issued by Lightseed 0.1. They are valid for ever; lies in them are told in
// tests/attacks/.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "provision/verify.h"
#include "tests/scratch.h"
#include "tests/test_paths.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

constexpr const char* batches[] = {"full_entropy", "rbg2", "rbg3_xor", "recorded"};

fs::path golden(const std::string& name) {
  return fs::path(test::data_folder()) / "golden/edition_1" / name;
}

TrustAnchor signer() {
  return TrustAnchor::read(golden("signer.crt"));
}

VerifyRequest anything_goes() {
  VerifyRequest request;
  request.policy.allow_test = true;
  request.policy.expansions.insert("rbg2");
  return request;
}

/// A key of the golden folder, readable by its owner alone: git keeps no such mode.
RecipientKey key(const test::Scratch& scratch, const std::string& name) {
  const fs::path copy = scratch.path() / name;
  fs::copy_file(golden(name), copy, fs::copy_options::overwrite_existing);
  fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
  return RecipientKey::read(name == "kek.hex" ? "kek:golden:" + copy.string() : copy.string());
}

}  // namespace

TEST_CASE("golden batches of edition 1 verify, with either side's key") {
  const test::Scratch scratch;
  for (const char* const batch : batches) {
    CAPTURE(batch);
    VerifyRequest request = anything_goes();
    const VerifyReport plain = verify(golden(batch), signer(), request);
    CHECK(plain.faults == std::vector<std::string>{});
    CHECK(plain.refusals == std::vector<std::string>{});
    CHECK(plain.certificate.batch.edition == 1);
    for (const char* const name : {"card_ec.key", "network_rsa.key", "kek.hex"}) {
      if ((std::string(batch) == "full_entropy") == (std::string(name) == "kek.hex")) continue;
      if (std::string(batch) != "full_entropy" && std::string(name) == "network_rsa.key") continue;
      request.key = key(scratch, name);
      const VerifyReport opened = verify(golden(batch), signer(), request);
      CHECK(opened.faults == std::vector<std::string>{});
      CHECK(opened.blocks_opened == 3);
    }
  }
}

TEST_CASE("golden batches are refused by a policy that wants hardware, or full entropy") {
  CHECK(verify(golden("full_entropy"), signer()).refusals.size() == 1);
  CHECK(verify(golden("rbg2"), signer()).refusals.size() == 2);
  VerifyRequest strict = anything_goes();
  strict.policy.most_log2_epsilon = -80;
  CHECK(verify(golden("full_entropy"), signer(), strict).refusals.size() == 1);
}

TEST_CASE("one side alone can be verified by who was sent it") {
  const test::Scratch scratch;
  const fs::path side = scratch / "card";
  fs::create_directory(side);
  for (const auto& entry : fs::directory_iterator(golden("full_entropy")))
    if (entry.path().string().find(".network.") == std::string::npos)
      fs::copy(entry.path(), side / entry.path().filename());
  VerifyRequest request = anything_goes();
  CHECK_FALSE(verify(side, signer(), request).faults.empty());
  request.outlet = "card";
  request.key = key(scratch, "card_ec.key");
  const VerifyReport report = verify(side, signer(), request);
  CHECK(report.faults == std::vector<std::string>{});
  CHECK(report.opened_outlet == "card");
  request.outlet = "garden";
  CHECK_THROWS_WITH(verify(side, signer(), request), Catch::Contains("no side garden"));
}

TEST_CASE("a batch is bound to its order, SIM by SIM") {
  const test::Scratch scratch;
  VerifyRequest request = anything_goes();
  request.order = read_order(golden("order.csv"), "golden-full");
  request.key = key(scratch, "card_ec.key");
  CHECK(verify(golden("full_entropy"), signer(), request).faults == std::vector<std::string>{});
  request.order->id = "another";
  CHECK_THAT(verify(golden("full_entropy"), signer(), request).faults.at(0), Catch::Contains("golden-full"));
  request.order->id = "golden-full";
  request.order->sha256[0] = request.order->sha256[0] == '0' ? '1' : '0';
  CHECK_FALSE(verify(golden("full_entropy"), signer(), request).faults.empty());
  request.order = read_order(golden("order.csv"), "golden-full");
  auto lines = request.order->lines.copy();
  std::swap(lines[0], lines[1]);
  request.order->lines = OrderLines(std::move(lines));
  CHECK_FALSE(verify(golden("full_entropy"), signer(), request).faults.empty());
}
