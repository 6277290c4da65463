#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "driver/registry.h"

namespace lightseed::cli {

/// What a verb gets to work with: its parsed options and the world around it.
struct Context {
  const boost::program_options::variables_map& options;
  const SourceRegistry& sources;
  std::stop_token stop;  ///< requested by SIGINT or SIGTERM

  [[nodiscard]] bool has(const std::string& name) const { return options.count(name) != 0; }
  template <typename T>
  [[nodiscard]] const T& get(const std::string& name) const {
    return options[name].as<T>();
  }
  /// The caller wants one JSON object on stdout instead of words.
  [[nodiscard]] bool json() const { return has("json"); }
};

/// One verb. Each lives in a file of its own, command_<verb>.cpp, and has one line in commands.cpp.
/// A verb of two words ("batch issue") is typed as two words.
struct Command {
  std::string name;
  std::string summary;                ///< one line for the list of verbs
  std::string description;            ///< a paragraph for its help page
  std::vector<std::string> examples;  ///< whole command lines
  boost::program_options::options_description options;
  std::vector<std::string> positional{};   ///< option names that positional arguments fill, in order
  std::function<int(const Context&)> run;  ///< returns the exit code; throws Error
};

/// Every verb, in the order people meet them.
const std::vector<Command>& commands();

/// Finds a verb, parses its options, runs it and turns errors into exit codes.
int run_command_line(int argc, const char* const* argv, const SourceRegistry& sources, std::stop_token stop);

/// Prints one JSON object on stdout, with `schema` and the tool's version in front.
void print_json(const std::string& schema, const Json& body);

}  // namespace lightseed::cli
