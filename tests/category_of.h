// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <functional>

#include "core/error.h"

namespace lightseed::test {

/// The category of the Error that `action` throws; the test fails when it throws none.
inline Category category_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.category();
  }
  FAIL("nothing was thrown");
  return Category::verdict;
}

}  // namespace lightseed::test
