// SPDX-License-Identifier: Apache-2.0
#include "provision/list_lines.h"

#include <algorithm>

namespace lightseed {

void for_each_line(std::string_view text, const std::function<void(std::size_t number, std::string_view line)>& visit) {
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(++number, line);
  }
}

}  // namespace lightseed
