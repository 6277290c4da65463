#include "cli/matrix.h"

#include <fmt/format.h>

#include "cli/quantity.h"
#include "core/error.h"

namespace lightseed::cli {

sp800_90b::RestartMatrix parse_matrix(const std::string& option, const std::string& text) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) {
    throw Error(Category::usage, fmt::format("--{} {}: expected rows and columns, such as 1000x1000", option, text));
  }
  return {.restarts = parse_quantity(option, text.substr(0, cross)),
          .samples = parse_quantity(option, text.substr(cross + 1))};
}

}  // namespace lightseed::cli
