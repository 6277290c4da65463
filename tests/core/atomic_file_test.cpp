#include "core/atomic_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/atomic_directory.h"
#include "core/error.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::size_t entries_in(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a file appears whole at commit, with its mode whatever the umask") {
  const test::Scratch scratch;
  const mode_t before = umask(0);
  {
    AtomicFile file(scratch / "secret", AtomicFile::Mode::secret);
    file.write("all of it");
    CHECK(entries_in(scratch.path()) == 0);
    file.commit();
  }
  umask(077);
  {
    AtomicFile file(scratch / "open", AtomicFile::Mode::open);
    file.commit();
  }
  umask(before);
  CHECK(read_text_file(scratch / "secret", 100) == "all of it");
  CHECK(mode_of(scratch / "secret") == 0600);
  CHECK(mode_of(scratch / "open") == 0644);
  CHECK(entries_in(scratch.path()) == 2);
}

TEST_CASE("a file that is not committed leaves nothing behind") {
  const test::Scratch scratch;
  {
    AtomicFile file(scratch / "half", AtomicFile::Mode::secret);
    file.write("half of");
  }
  CHECK(entries_in(scratch.path()) == 0);
}

TEST_CASE("an existing file, or a link in its place, is never overwritten") {
  const test::Scratch scratch;
  std::ofstream(scratch / "there") << "precious";
  fs::create_symlink(scratch / "elsewhere", scratch / "link");
  CHECK_THROWS_WITH(AtomicFile(scratch / "there", AtomicFile::Mode::open), Catch::Contains("exists already"));
  CHECK_THROWS_WITH(AtomicFile(scratch / "link", AtomicFile::Mode::open), Catch::Contains("exists already"));

  AtomicFile late(scratch / "race", AtomicFile::Mode::open);
  std::ofstream(scratch / "race") << "somebody was faster";
  CHECK_THROWS_WITH(late.commit(), Catch::Contains("exists already"));
  CHECK(read_text_file(scratch / "race", 100) == "somebody was faster");
}

TEST_CASE("a missing directory is named") {
  const test::Scratch scratch;
  try {
    AtomicFile(scratch / "no" / "file", AtomicFile::Mode::open);
    FAIL("made a file in a missing directory");
  } catch (const Error& e) {
    CHECK(e.category() == Category::io);
    CHECK_THAT(e.what(), Catch::Contains((scratch / "no" / "file").string()));
  }
}

TEST_CASE("a directory is published in one step, over nothing or an empty one only") {
  const test::Scratch scratch;
  fs::create_directory(scratch / "made");
  std::ofstream(scratch / "made" / "file") << "x";
  fs::create_directory(scratch / "full");
  std::ofstream(scratch / "full" / "other") << "y";

  CHECK_THROWS_AS(require_free_directory(scratch / "full"), Error);
  CHECK_THROWS_AS(require_free_directory(scratch / "made" / "file"), Error);
  CHECK_THROWS_AS(require_free_directory(scratch / "no" / "parent"), Error);
  CHECK_NOTHROW(require_free_directory(scratch / "new"));
  CHECK_THROWS_AS(publish_directory(scratch / "made", scratch / "full"), Error);
  CHECK(fs::exists(scratch / "made" / "file"));

  fs::create_directory(scratch / "empty");
  CHECK_NOTHROW(require_free_directory(scratch / "empty"));
  publish_directory(scratch / "made", scratch / "empty");
  CHECK(fs::exists(scratch / "empty" / "file"));
  CHECK(!fs::exists(scratch / "made"));
}

TEST_CASE("a file beyond the limit is refused") {
  const test::Scratch scratch;
  std::ofstream(scratch / "ten") << "0123456789";
  CHECK(read_text_file(scratch / "ten", 10).size() == 10);
  CHECK_THROWS_AS(read_text_file(scratch / "ten", 9), Error);
}
