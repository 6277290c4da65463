// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "core/error.h"

namespace lightseed::cli {

/// What the process ends with (docs/cli.md): scripts rely on these numbers, so none changes.
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

/// The reader of our output has gone: what a shell says of a program that died of SIGPIPE.
inline constexpr int exit_code_reader_gone = 141;

struct ExitCode {
  int code;
  std::string_view meaning;
};

/// Every exit code, for the help and the man page.
inline constexpr std::array<ExitCode, 12> exit_codes{{{0, "done and passed"},
                                                      {1, "the verdict is negative"},
                                                      {2, "wrong usage"},
                                                      {3, "a device or a permission is missing"},
                                                      {4, "input or output failed, or a file is malformed"},
                                                      {5, "health alarm"},
                                                      {6, "not enough data"},
                                                      {7, "refused by policy"},
                                                      {70, "a fault of lightseed itself: please report it"},
                                                      {75, "somebody else is at it: try again later"},
                                                      {130, "interrupted"},
                                                      {141, "the reader of the output has gone"}}};

}  // namespace lightseed::cli
