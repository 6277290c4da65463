// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace lightseed {

std::string_view name_of(Category category) noexcept {
  switch (category) {
    case Category::verdict: return "verdict";
    case Category::usage: return "usage";
    case Category::device: return "device";
    case Category::io: return "io";
    case Category::malformed: return "malformed";
    case Category::health: return "health";
    case Category::not_enough_data: return "not-enough-data";
    case Category::refused: return "refused";
    case Category::busy: return "busy";
    case Category::crypto: return "crypto";
    case Category::internal: return "internal";
    case Category::interrupted: return "interrupted";
  }
  return "unknown";
}

Error system_error(std::string_view what, std::string_view path, int error_number) {
  std::string_view hint;
  switch (error_number) {
    case ENOSPC: hint = " – free some space and run it again"; break;
    case EACCES:
    case EPERM:
    case EROFS: hint = " – check the permissions, or choose another place"; break;
    default: break;
  }
  return Error(Category::io,
               fmt::format("cannot {} {}: {}{}", what, path, std::generic_category().message(error_number), hint));
}

}  // namespace lightseed
