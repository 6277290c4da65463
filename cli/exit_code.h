#pragma once

#include "core/error.h"

namespace lightseed::cli {

/// What the process ends with (docs/architecture.md, "The command"): scripts rely on these numbers, so none changes.
constexpr int exit_code(Category category) noexcept {
  switch (category) {
    case Category::verdict: return 1;
    case Category::usage: return 2;
    case Category::device: return 3;
    case Category::io:
    case Category::malformed:
    case Category::crypto: return 4;
    case Category::health: return 5;
    case Category::not_enough_data: return 6;
    case Category::refused: return 7;
    case Category::busy: return 75;
    case Category::internal: return 70;
    case Category::interrupted: return 130;
  }
  return 70;
}

}  // namespace lightseed::cli
