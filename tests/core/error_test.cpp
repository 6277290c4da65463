// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <set>

using namespace lightseed;

TEST_CASE("every category has a name of its own") {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Category::interrupted); ++i)
    names.insert(name_of(static_cast<Category>(i)));
  CHECK(names.size() == 12);
  CHECK_FALSE(names.contains("unknown"));
}

TEST_CASE("a system error names the path, the reason and what to do") {
  const Error full = system_error("write", "/data/keys", ENOSPC);
  CHECK(full.category() == Category::io);
  CHECK(std::string(full.what()) ==
        "cannot write /data/keys: No space left on device – free some space and run it again");
}
