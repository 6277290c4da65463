// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cli/console.h"
#include "cli/options.h"
#include "core/error.h"
#include "core/json.h"
#include "driver/registry.h"

namespace lightseed::cli {

/// What a verb gets to work with: its parsed options and the world around it.
struct Context {
  const Options& options;
  const SourceRegistry& sources;
  std::stop_token stop;  ///< requested by SIGINT, SIGTERM or SIGHUP
  Console& console;

  [[nodiscard]] bool has(const std::string& name) const { return options.has(name); }
  [[nodiscard]] const std::string& text(const std::string& name) const { return options.text(name); }

  /// The caller wants one JSON object on stdout instead of words.
  [[nodiscard]] bool json() const { return options.has("json"); }

  /// Results in words, on stdout.
  [[nodiscard]] std::ostream& out() const { return console.out(); }
  /// A line on stderr that a person may do without: --quiet leaves it out.
  void note(const std::string& line) const;
  /// A line on stderr that must be seen.
  void warn(const std::string& line) const;
  /// One JSON object on stdout, with `schema` and the tool's version in front.
  void print_json(const std::string& schema, const Json& body) const;
};

/// One verb. Each lives in a file of its own, command_<verb>.cpp, and has one line in verbs.h.
/// A verb of two words ("batch issue") is typed as two words.
struct Command {
  std::string name;
  std::string group{};                  ///< heading it stands under in the list of verbs
  std::string summary{};                ///< one line for the list of verbs
  std::string description{};            ///< paragraphs for its help page, wrapped when shown
  std::vector<std::string> examples{};  ///< whole command lines
  std::vector<Option> options{};
  std::vector<std::string> positional{};     ///< option names that positional arguments fill, in order
  std::function<int(const Context&)> run{};  ///< returns the exit code; throws Error
};

/// Every verb, in the order people meet them.
const std::vector<Command>& commands();

/// Prints one JSON object on the console's stdout, with `schema` and the tool's version in front.
void print_json(Console& console, const std::string& schema, const Json& body);

/// Finds a verb, parses its options, runs it and turns whatever is thrown into words and an exit code: this is the last
/// catch of the command. `words` are the arguments without the program's name.
int run_command_line(std::span<const std::string> words, const SourceRegistry& sources, std::stop_token stop,
                     Console& console);

}  // namespace lightseed::cli
