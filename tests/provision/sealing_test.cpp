// SPDX-License-Identifier: Apache-2.0
#include "provision/sealing.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/hex.h"
#include "provision/file_limits.h"
#include "provision/outlet.h"
#include "tests/category_of.h"
#include "tests/provision/office.h"

using namespace lightseed;
using test::category_of;
using test::Office;

namespace {

const std::string batch = "019a0000-0000-7000-8000-000000000001";

std::unique_ptr<FileInMaking> begun(std::uint64_t number, const IssueRequest& request) {
  const std::vector<OrderLine> lines = request.order.lines.copy();
  return std::make_unique<FileInMaking>(number, batch, lines, DrawnHeaders(lines), request.keys_per_sim,
                                        request.key_bytes);
}

std::unique_ptr<FileInMaking> filled(std::uint64_t number, const IssueRequest& request) {
  auto file = begun(number, request);
  std::mt19937 random(static_cast<std::mt19937::result_type>(number));
  file->make_keys([&](std::span<std::byte> keys) {
    for (std::byte& b : keys)
      b = static_cast<std::byte>(random());
  });
  return file;
}

}  // namespace

TEST_CASE("sealing: every outlet's file opens for its recipient, with the blocks of the same SIMs") {
  const Office office;
  const IssueRequest request = office.request();
  Sealer sealer(request, batch, office.path("order.csv").parent_path());
  SealingBehind behind(sealer);
  for (std::uint64_t number = 1; number <= 3; ++number)
    behind.hand_over(filled(number, request));
  behind.finish();
  CHECK(sealer.leaves().size() == 9);
  REQUIRE(sealer.files().size() == 6);
  std::set<std::string> ids;
  for (const KeyFile& file : sealer.files()) {
    const Outlet& outlet = outlet_named(file.outlet);
    CHECK(is_key_file_name(file.name, batch));
    CHECK(!is_key_file_name(file.name, "another"));
    const std::string der = read_text_file(office.path(file.name.c_str()), largest_key_file);
    CHECK(der.size() == file.bytes);
    const auto key = RecipientKey::read(office.file(file.outlet == "card" ? "perso.key" : "auc.key"));
    const OpenedKeyFile opened = outlet.read(bytes_of(der), key, request.signer.certificate());
    REQUIRE(opened.package.blocks.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(opened.package.blocks[i].header.iccid == request.order.lines[i].iccid);
      ids.insert(hex(opened.package.blocks[i].header.id));
    }
  }
  CHECK(ids.size() == 9);  // the same on both sides, no two alike
  for (const char* const name :
       {"", "x.card.001.p7m", "019a0000-0000-7000-8000-000000000001.card..p7m",
        "019a0000-0000-7000-8000-000000000001.card.1a1.p7m", "019a0000-0000-7000-8000-000000000001.moon.001.p7m"})
    CHECK(!is_key_file_name(name, batch));
}

TEST_CASE("sealing: equal keys end the run before any of them is sealed") {
  const Office office;
  const IssueRequest request = office.request();
  Sealer sealer(request, batch, office.path("order.csv").parent_path());
  const auto stuck = begun(1, request);
  stuck->make_keys([](std::span<std::byte> keys) { std::ranges::fill(keys, std::byte{7}); });
  CHECK(category_of([&] { sealer.seal(*stuck); }) == Category::health);
  CHECK(sealer.files().empty());
  const auto twin = filled(2, request);
  std::ranges::copy(twin->package().keys(0).first(request.key_bytes), twin->package().keys(2).begin());
  CHECK(category_of([&] { sealer.seal(*twin); }) == Category::health);
  CHECK(sealer.files().empty());
  const auto counting = begun(3, request);
  std::uint8_t next = 0;
  counting->make_keys([&](std::span<std::byte> keys) {
    for (std::size_t i = 0; i < keys.size(); ++i)
      keys[i] = i % request.key_bytes == 0 ? static_cast<std::byte>(++next) : std::byte{0};
  });
  CHECK_NOTHROW(sealer.seal(*counting));
  CHECK(sealer.files().size() == request.outlets.size());
}

TEST_CASE("sealing: what fails in the thread behind is heard in front") {
  const Office office;
  const IssueRequest request = office.request();
  Sealer sealer(request, batch, office.path("nowhere"));
  SealingBehind behind(sealer);
  behind.hand_over(filled(1, request));
  CHECK(category_of([&] { behind.finish(); }) == Category::io);
  CHECK(sealer.files().empty());
}

TEST_CASE("sealing: whoever gives up finds nothing in the making, but files with names") {
  const Office office;
  const IssueRequest request = office.request();
  for (std::uint64_t number = 1; number <= 20; ++number) {
    Sealer sealer(request, batch, office.path("order.csv").parent_path());
    {
      SealingBehind behind(sealer);
      behind.hand_over(filled(number, request));
    }
    REQUIRE(sealer.files().size() == request.outlets.size());
    for (const KeyFile& file : sealer.files())
      CHECK(std::filesystem::file_size(office.path(file.name.c_str())) == file.bytes);
  }
}

TEST_CASE("limits: what is written can be read: the largest block, and the most blocks a file (F9, finding 9)") {
  constexpr std::uint64_t around_signature = 16 * 1024;  // two CMS layers; a signature, recipients, certificates
  BlockHeader header;
  header.iccid = "89882110000000000333";
  header.imsi = "001010000000001";
  const KeyPackage large(batch, std::span(&header, 1), largest_block_bytes / 16, 16);
  CHECK(large.der().size() + around_signature < largest_key_file);
  const std::vector<BlockHeader> headers(usual_file_bytes / (16 + bytes_around_block), header);
  const KeyPackage many(batch, headers, 1, 16);
  CHECK(many.der().size() + around_signature < usual_file_bytes);
}
