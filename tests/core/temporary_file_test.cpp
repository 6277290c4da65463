// SPDX-License-Identifier: Apache-2.0
#include "core/temporary_file.h"

#include <sys/stat.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/environment.h"
#include "tests/open_files.h"
#include "tests/scratch.h"
#include "tests/small_files.h"

using namespace lightseed;
using test::nameless_files_in;

namespace {

std::span<const std::byte> bytes_of_text(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string read_text(const TemporaryFile& file, std::uint64_t offset, std::size_t size) {
  std::string text(size, '?');
  file.read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

/// What an Error(io) of `action` says.
template <typename Action>
std::string io_words(const Action& action) {
  try {
    action();
  } catch (const Error& why) {
    CHECK(why.category() == Category::io);
    return why.what();
  }
  FAIL("nothing was thrown");
  return {};
}

}  // namespace

TEST_CASE("temporary file: what was appended is read at any place, and there is no name for it") {
  const test::Scratch scratch;
  {
    TemporaryFile file(scratch.path());
    file.append(bytes_of_text("one, "));
    file.append(bytes_of_text("two"));
    CHECK(read_text(file, 0, 8) == "one, two");
    CHECK(read_text(file, 5, 3) == "two");
    CHECK(read_text(file, 8, 0).empty());
    CHECK(std::filesystem::is_empty(scratch.path()));
    const auto open = nameless_files_in(scratch.path());
    REQUIRE(open.size() == 1);
    struct stat status {};
    REQUIRE(stat(open.front().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    CHECK(status.st_nlink == 0);
    file.append(bytes_of_text(", three"));
    CHECK(read_text(file, 5, 10) == "two, three");
  }
  CHECK(nameless_files_in(scratch.path()).empty());
}

TEST_CASE("temporary file: TMPDIR says where, and an empty one says nothing") {
  const test::Scratch scratch;
  {
    const test::Environment named("TMPDIR", scratch.path().string());
    CHECK(TemporaryFile().directory() == scratch.path());
    CHECK(nameless_files_in(scratch.path()).empty());
  }
  const test::Environment empty("TMPDIR", "");
  CHECK(TemporaryFile().directory() == "/var/tmp");
}

TEST_CASE("temporary file: what goes wrong names the directory and TMPDIR") {
  const test::Scratch scratch;
  const test::Environment named("TMPDIR", (scratch / "nowhere").string());
  CHECK_THAT(io_words([] { const TemporaryFile file; }), Catch::Contains((scratch / "nowhere").string()) &&
                                                             Catch::Contains("TMPDIR") &&
                                                             Catch::Contains("No such file or directory"));
  TemporaryFile file(scratch.path());
  file.append(bytes_of_text("1234"));
  CHECK_THAT(io_words([&] { (void)read_text(file, 2, 3); }), Catch::Contains(scratch.path().string()));
  const std::vector<std::byte> many(5000);
  const test::SmallFiles limit(4096);
  CHECK_THAT(io_words([&] { file.append(many); }),
             Catch::Contains("cannot write a temporary file in " + scratch.path().string() + ": File too large") &&
                 Catch::Contains("TMPDIR"));
  CHECK(std::filesystem::is_empty(scratch.path()));
}
