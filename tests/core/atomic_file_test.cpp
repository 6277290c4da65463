// SPDX-License-Identifier: Apache-2.0
#include "core/atomic_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/atomic_directory.h"
#include "core/error.h"
#include "tests/scratch.h"

using namespace lightseed;
namespace fs = std::filesystem;

namespace {

// What the file system refuses; the linker sends the calls here first.
struct Refusals {
  int linkat = 0;
  int link = 0;
  int renameat2 = 0;
  bool no_proc = false;
};
Refusals refusals;

}  // namespace

extern "C" {
int __real_linkat(int from, const char* name, int to, const char* link, int flags);
int __wrap_linkat(int from, const char* name, int to, const char* link, int flags) {
  if (refusals.linkat == 0) return __real_linkat(from, name, to, link, flags);
  errno = refusals.linkat;
  return -1;
}
int __real_link(const char* name, const char* link);
int __wrap_link(const char* name, const char* link) {
  if (refusals.link == 0) return __real_link(name, link);
  errno = refusals.link;
  return -1;
}
int __real_renameat2(int from, const char* name, int to, const char* other, unsigned flags);
int __wrap_renameat2(int from, const char* name, int to, const char* other, unsigned flags) {
  if (refusals.renameat2 == 0) return __real_renameat2(from, name, to, other, flags);
  errno = refusals.renameat2;
  return -1;
}
int __real_access(const char* path, int mode);
int __wrap_access(const char* path, int mode) {
  if (!refusals.no_proc) return __real_access(path, mode);
  errno = ENOENT;
  return -1;
}
}

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

TEST_CASE("files that belong together appear together or not at all") {
  const test::Scratch scratch;
  {
    AtomicFile first(scratch / "first", AtomicFile::Mode::open), second(scratch / "second", AtomicFile::Mode::secret);
    first.write("1");
    second.write("2");
    AtomicFile::commit_together(std::array{&first, &second});
    CHECK(read_text_file(scratch / "first", 10) == "1");
    CHECK(read_text_file(scratch / "second", 10) == "2");
  }
  AtomicFile third(scratch / "third", AtomicFile::Mode::open), fourth(scratch / "fourth", AtomicFile::Mode::open);
  std::ofstream(scratch / "fourth") << "somebody else's";
  CHECK_THROWS_AS(AtomicFile::commit_together(std::array{&third, &fourth}), Error);
  CHECK(!fs::exists(scratch / "third"));
  CHECK(read_text_file(scratch / "fourth", 100) == "somebody else's");
  CHECK_NOTHROW(AtomicFile::commit_together({}));
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

TEST_CASE("a file gets its name on file systems without links, without RENAME_NOREPLACE, without /proc (F11)") {
  const Refusals kinds[] = {{.linkat = EPERM},
                            {.linkat = EOPNOTSUPP, .link = EPERM},
                            {.linkat = ENOENT, .link = EOPNOTSUPP, .renameat2 = EINVAL},
                            {.link = EPERM, .no_proc = true},
                            {.link = EPERM, .renameat2 = ENOSYS, .no_proc = true}};
  for (const Refusals& kind : kinds) {
    CAPTURE(kind.linkat, kind.link, kind.renameat2, kind.no_proc);
    const test::Scratch scratch;
    std::string read;
    std::size_t entries = 0;
    mode_t mode = 0;
    bool refused = false;
    refusals = kind;
    {
      AtomicFile file(scratch / "one", AtomicFile::Mode::secret);
      file.write("all of it");
      file.commit();
      read = read_text_file(scratch / "one", 100);
      mode = mode_of(scratch / "one");
      AtomicFile late(scratch / "two", AtomicFile::Mode::open);
      late.write("late");
      std::ofstream(scratch / "two") << "first";
      try {
        late.commit();
      } catch (const Error& error) {
        refused = error.category() == Category::io;
      }
    }
    entries = entries_in(scratch.path());
    refusals = {};
    CHECK(read == "all of it");
    CHECK(mode == 0600);
    CHECK(refused);
    CHECK(read_text_file(scratch / "two", 100) == "first");
    CHECK(entries == 2);  // nothing hidden is left
  }
}
