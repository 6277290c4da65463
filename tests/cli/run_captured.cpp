// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/run_captured.h"

#include <sstream>
#include <utility>

#include "cli/sources.h"

namespace lightseed::test {

Captured run_captured_with(const SourceRegistry& sources, const std::vector<std::string>& words,
                           cli::Console::Settings settings, std::stop_token stop) {
  std::ostringstream out;
  std::ostringstream err;
  Captured captured;
  {
    cli::Console console(out, err, std::move(settings));
    captured.code = cli::run_command_line(words, sources, std::move(stop), console);
  }
  captured.out = out.str();
  captured.err = err.str();
  return captured;
}

Captured run_captured(const std::vector<std::string>& words, cli::Console::Settings settings, std::stop_token stop) {
  return run_captured_with(cli::all_sources(), words, std::move(settings), std::move(stop));
}

}  // namespace lightseed::test
