// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
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

/// A signer may tell lies about this member (docs/threat-model.md, "What no verifier can see"): it begins like one of
/// `free_in_edition`, or like one that no edition can guard.
bool is_free(std::string_view member, std::span<const std::string_view> free_in_edition);

/// A lie that cannot be told from an honest certificate of before there was that monitor.
bool leaves_out_youngest_monitor(const Mutation& lie, const Json& honest);

/// Tells the verifier every lie about the members that `wanted` takes, and checks that none is believed but those that
/// are free. Returns how many lies were told; `name` stands before those that are believed.
std::size_t tell_lies(const std::string& name, const Json& honest,
                      const std::function<bool(const std::string&)>& wanted,
                      std::span<const std::string_view> free_in_edition);

}  // namespace lightseed::test
