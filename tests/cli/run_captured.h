// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "cli/command.h"

namespace lightseed::test {

/// What a call of the command came to.
struct Captured {
  int code = 0;
  std::string out;
  std::string err;
};

/// Runs the command in this process, with all sources of this build: run_captured({"devices", "--json"}).
Captured run_captured(const std::vector<std::string>& words, cli::Console::Settings settings = {},
                      std::stop_token stop = {});

/// The same with other sources.
Captured run_captured_with(const SourceRegistry& sources, const std::vector<std::string>& words,
                           cli::Console::Settings settings = {}, std::stop_token stop = {});

}  // namespace lightseed::test
