// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/run_captured.h"

#include <functional>
#include <sstream>
#include <utility>

#include "cli/sources.h"

namespace lightseed::test {

namespace {

using MakeSources = std::function<SourceRegistry(cli::Console&)>;

Captured capture(const MakeSources& sources, const std::vector<std::string>& words, cli::Console::Settings settings,
                 std::stop_token stop) {
  std::ostringstream out;
  std::ostringstream err;
  Captured captured;
  {
    cli::Console console(out, err, std::move(settings));
    captured.code = cli::run_command_line(words, sources(console), std::move(stop), console);
  }
  captured.out = out.str();
  captured.err = err.str();
  return captured;
}

}  // namespace

Captured run_captured_with(const SourceRegistry& sources, const std::vector<std::string>& words,
                           cli::Console::Settings settings, std::stop_token stop) {
  return capture([&](cli::Console&) { return sources; }, words, std::move(settings), std::move(stop));
}

Captured run_captured(const std::vector<std::string>& words, cli::Console::Settings settings, std::stop_token stop) {
  return capture(cli::all_sources, words, std::move(settings), std::move(stop));
}

}  // namespace lightseed::test
