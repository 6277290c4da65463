// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/json.h"

namespace lightseed::test {

/// A statement with one lie in it.
struct Mutation {
  std::string member;  ///< JSON pointer of the place
  std::string what;    ///< what was done there
  Json statement;
};

/// Every lie of these kinds, at every place: a number one higher, negative, as a float, as a text; a text longer,
/// empty, of another kind; a flag turned; a member removed, renamed, added; an item doubled or taken away.
std::vector<Mutation> mutations_of(const Json& statement);

}  // namespace lightseed::test
