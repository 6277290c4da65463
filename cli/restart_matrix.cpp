// SPDX-License-Identifier: Apache-2.0
#include "cli/restart_matrix.h"

#include <fmt/format.h>

#include "cli/numbers.h"
#include "core/error.h"

namespace lightseed::cli {

sp800_90b::RestartMatrix parse_matrix(const std::string& option, const std::string& text) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) {
    throw Error(Category::usage, fmt::format("--{} {}: expected rows and columns, such as 1000x1000", option, text));
  }
  // Larger ones would overflow their product.
  constexpr CountRange side{1, std::uint64_t{1} << 31};
  return {.restarts = parse_count(option, text.substr(0, cross), side),
          .samples = parse_count(option, text.substr(cross + 1), side)};
}

}  // namespace lightseed::cli
