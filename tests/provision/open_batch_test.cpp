// SPDX-License-Identifier: Apache-2.0
#include "provision/open_batch.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/hex.h"
#include "tests/provision/assessed_office.h"

using namespace lightseed;
using test::AssessedOffice;
namespace fs = std::filesystem;

namespace {

/// What a side's key gets of the batch in "out": ICCID and keys, block by block; or the error's words.
std::vector<std::string> opened(const AssessedOffice& office, const std::string& key, const OpenRequest& request = {}) {
  std::vector<std::string> blocks;
  try {
    (void)open_batch(office.path("out"), TrustAnchor::read(office.file("signer.crt")),
                     RecipientKey::read(office.file(key)), request,
                     [&](const PackagedBlock& block) { blocks.push_back(block.header.iccid + " " + hex(block.keys)); });
  } catch (const Error& error) {
    blocks.push_back(std::string("refused: ") + error.what());
  }
  return blocks;
}

fs::path file_of(const AssessedOffice& office, const std::string& side) {
  for (const fs::path& path : office.entries("out"))
    if (path.string().find("." + side + ".") != std::string::npos) return path;
  FAIL("no file of side " << side);
  return {};
}

}  // namespace

TEST_CASE("each side opens with its own key, to the same keys") {
  const AssessedOffice office;
  (void)issue(office.request(), AssessedOffice::services());
  const auto card = opened(office, "perso.key");
  REQUIRE(card.size() == 3);
  CHECK(card == opened(office, "auc.key"));
  CHECK(opened(office, "auc.key", {.iccid = card[1].substr(0, 19)}) == std::vector<std::string>{card[1]});
  CHECK_THAT(opened(office, "perso.key", {.iccid = "8988211000000000999"}).at(0), Catch::Contains("has no keys for"));
  CHECK_THAT(opened(office, "perso.key", {.outlet = "garden"}).at(0), Catch::Contains("no side garden"));
  CHECK_THAT(opened(office, "signer.key").at(0), Catch::Contains("opens no side"));
  // Who was sent one side does not have the other one's files.
  fs::remove(file_of(office, "card"));
  CHECK(opened(office, "auc.key") == card);
  CHECK_THAT(opened(office, "perso.key").at(0), Catch::Contains("opens no side"));
}

TEST_CASE("a changed key file is called changed, and gives nothing") {
  const AssessedOffice office;
  (void)issue(office.request(), AssessedOffice::services());
  const fs::path path = file_of(office, "card");
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(1000).put('!').put('?');
  const auto blocks = opened(office, "perso.key");
  REQUIRE(blocks.size() == 1);
  CHECK_THAT(blocks[0], Catch::StartsWith("refused: " + path.string() + " was changed"));
}
