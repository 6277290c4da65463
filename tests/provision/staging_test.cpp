// SPDX-License-Identifier: Apache-2.0
#include "provision/staging.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "provision/certificate.h"
#include "provision/key_audit_file.h"
#include "provision/outlet.h"
#include "tests/category_of.h"
#include "tests/scratch.h"

using namespace lightseed;
using test::category_of;
namespace fs = std::filesystem;

namespace {

const std::string staged = "019a0000-0000-7000-8000-000000000001";
const std::string ledger_id = "019a0000-0000-7000-8000-0000000000ff";

void write(const fs::path& path, const std::string& text = "x") {
  std::ofstream(path, std::ios::binary) << text;
}

BatchRecord issued_batch(const fs::path& target) {
  BatchRecord record;
  record.id = staged;
  record.order_id = "o1";
  record.state = BatchState::issued;
  record.directory = target.string();
  return record;
}

}  // namespace

TEST_CASE("staging: the name follows from target and batch, and from nothing that is no batch (finding 7)") {
  CHECK(staging_path("/a/out", staged) == fs::path("/a/.out." + staged));
  for (const char* const target : {"out", "/a/../out", "/", "/a/", "", "/a/./b"}) {
    CAPTURE(target);
    CHECK(category_of([&] { (void)staging_path(target, staged); }) == Category::refused);
  }
  for (const char* const id : {"x", "", "../../victim", "019a0000-0000-7000-8000-00000000000/",
                               "019A0000-0000-7000-8000-000000000001", "019a0000-0000-7000-8000-0000000000011"}) {
    CAPTURE(id);
    CHECK(category_of([&] { (void)staging_path("/a/out", id); }) == Category::refused);
  }
}

TEST_CASE("staging: it is private from its first moment (finding 18)") {
  const test::Scratch scratch;
  const mode_t before = umask(0);
  make_staging(scratch / "s", staged, ledger_id);
  umask(before);
  struct stat status {};
  REQUIRE(stat((scratch / "s").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  CHECK(category_of([&] { make_staging(scratch / "s", staged, ledger_id); }) == Category::io);
}

TEST_CASE("staging: only what the batch can have made is removed (finding 7)") {
  const test::Scratch scratch;
  const fs::path staging = scratch / "s";
  CHECK(!remove_staging(staging, staged, ledger_id));
  SECTION("all of it, hidden names included") {
    make_staging(staging, staged, ledger_id);
    write(staging / key_file_name(outlet_named("card"), staged, 1));
    write(staging / key_file_name(outlet_named("network"), staged, 1234));
    write(staging / certificate_name(staged));
    write(staging / ("." + certificate_name(staged) + ".0123456789abcdef"));
    write(staging / key_audit_name(staged));
    write(staging / ("." + key_audit_name(staged) + ".0123456789abcdef"));
    CHECK(!remove_staging(staging, staged, ledger_id));
    CHECK(!fs::exists(staging));
  }
  SECTION("an empty directory, made a moment before its run was killed") {
    fs::create_directory(staging);
    CHECK(!remove_staging(staging, staged, ledger_id));
    CHECK(!fs::exists(staging));
  }
  SECTION("files of others stay, and are told") {
    make_staging(staging, staged, ledger_id);
    write(staging / certificate_name(staged));
    write(staging / "thesis.tex");
    const auto left = remove_staging(staging, staged, ledger_id);
    REQUIRE(left);
    CHECK_THAT(*left, Catch::Contains("thesis.tex"));
    CHECK(fs::exists(staging / "thesis.tex"));
    fs::remove(staging / "thesis.tex");
    CHECK(!remove_staging(staging, staged, ledger_id));
  }
  SECTION("no marker, or that of another batch or ledger") {
    if (GENERATE(true, false)) {
      fs::create_directory(staging);
    } else {
      make_staging(staging, staged, "another ledger");
    }
    write(staging / certificate_name(staged));
    CHECK(remove_staging(staging, staged, ledger_id));
    CHECK(fs::exists(staging / certificate_name(staged)));
  }
  SECTION("a link to a directory") {
    make_staging(scratch / "real", staged, ledger_id);
    fs::create_directory_symlink(scratch / "real", staging);
    CHECK(remove_staging(staging, staged, ledger_id));
    CHECK(!fs::is_empty(scratch / "real"));
  }
}

TEST_CASE("staging: what desktops leave in the target does not stand in the way (F10)") {
  const test::Scratch scratch;
  const fs::path staging = scratch / "s";
  const fs::path target = scratch / "out";
  make_staging(staging, staged, ledger_id);
  write(staging / certificate_name(staged), "certified");
  fs::create_directory(target);
  for (const char* const litter : {".DS_Store", "Thumbs.db", ".directory"})
    write(target / litter);
  CHECK(names_in_the_way(target).empty());
  CHECK(is_finished_staging(staging, staged, hex(sha256(std::as_bytes(std::span("certified", 9))))));
  CHECK(!is_finished_staging(staging, staged, std::string(64, '0')));
  publish_staging(staging, issued_batch(target));
  CHECK(std::distance(fs::directory_iterator(target), fs::directory_iterator()) == 1);
}

TEST_CASE("staging: a batch that cannot get its name says where it is (finding 8)") {
  const test::Scratch scratch;
  const fs::path staging = scratch / "s";
  const fs::path target = scratch / "out";
  make_staging(staging, staged, ledger_id);
  fs::create_directories(target / ".DS_Store");  // a directory of that name is somebody's
  CHECK(names_in_the_way(target) == std::vector<std::string>{".DS_Store"});
  try {
    publish_staging(staging, issued_batch(target));
    FAIL("it was published");
  } catch (const Error& e) {
    CHECK(e.category() == Category::io);
    CHECK_THAT(e.what(), Catch::Contains("is issued") && Catch::Contains(staging.string()) &&
                             Catch::Contains("rename that to " + target.string()));
  }
  CHECK(fs::exists(staging));
  write(scratch / "file");
  CHECK(category_of([&] { (void)names_in_the_way(scratch / "file"); }) == Category::io);
}
