#include "core/error.h"

#include <catch2/catch.hpp>
#include <cerrno>

using namespace lightseed;

TEST_CASE("an error's category is the exit code") {
  CHECK(Error(Category::usage, "x").exit_code() == 2);
  CHECK(Error(Category::health, "x").exit_code() == 5);
  CHECK(Error(Category::interrupted, "x").exit_code() == 130);
}

TEST_CASE("a system error names the path, the reason and what to do") {
  const Error full = system_error("write", "/data/keys", ENOSPC);
  CHECK(full.category() == Category::io);
  CHECK(std::string(full.what()) ==
        "cannot write /data/keys: No space left on device – free some space and run it again");
}
