#include "cli/quantity.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "core/error.h"

namespace lightseed::cli {

std::uint64_t parse_quantity(const std::string& option, const std::string& text, std::uint64_t least) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  std::string_view unit(stopped, static_cast<std::size_t>(end - stopped));
  const std::uint64_t base = unit.ends_with('i') ? 1024 : 1000;
  if (base == 1024) unit.remove_suffix(1);
  const auto power = unit.empty() ? 0 : std::string_view("KMG").find(unit) + 1;
  bool good = error == std::errc{} && number >= least &&
              (unit.empty() ? base == 1000 : unit.size() == 1 && power <= 3 && power > 0);
  for (std::size_t i = 0; good && i < power; ++i) {
    good = number <= std::numeric_limits<std::uint64_t>::max() / base;
    number *= base;
  }
  if (!good) {
    throw Error(Category::usage, fmt::format("--{} {}: expected a count{}, such as 1000, 64K, 16M or 4Ki", option, text,
                                             least > 0 ? " above 0" : ""));
  }
  return number;
}

}  // namespace lightseed::cli
