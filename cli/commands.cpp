#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "core/version.h"

namespace lightseed::cli {
namespace po = boost::program_options;

const std::vector<Command>& commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> list;
    list.push_back(devices_command());
    list.push_back(capture_command());
    list.push_back(generate_command());
    list.push_back(extract_command());
    list.push_back(assess_command());
    list.push_back(batch_issue_command());
    list.push_back(batch_verify_command());
    list.push_back(batch_status_command());
    return list;
  }();
  return all;
}

namespace {

po::options_description common_options() {
  po::options_description common("Every verb");
  common.add_options()("json", "print one JSON object on stdout instead of words")("help,h", "explain the verb");
  return common;
}

std::string help_of(const Command& command) {
  std::ostringstream text;
  text << "lightseed " << command.name << " – " << command.summary << "\n\n"
       << command.description << "\n\nExamples:\n";
  for (const std::string& example : command.examples)
    text << "  " << example << "\n";
  text << "\n" << command.options << "\n" << common_options();
  return text.str();
}

std::string overview() {
  std::string text = "lightseed – quantum randomness to certified SIM keys\n\nVerbs:\n";
  for (const Command& command : commands())
    text += fmt::format("  {:<14} {}\n", command.name, command.summary);
  return text +
         "\n`lightseed VERB --help` explains one, `lightseed --version` names this build.\n"
         "Exit codes: 0 done and passed, 1 the verdict is negative, 2 usage, 3 device or permission, 4 input/output,\n"
         "5 health alarm, 6 not enough data, 7 refused by policy, 130 interrupted.\n";
}

/// The reference of all verbs as docs/cli.md holds it.
std::string reference() {
  std::string text =
      "# The command\n\nWritten by `lightseed help --markdown`; a test compares it.\n\n```\n" + overview() + "```\n";
  for (const Command& command : commands()) {
    text += fmt::format("\n## {}\n\n```\n{}```\n", command.name, help_of(command));
  }
  return text;
}

/// Levenshtein distance: how many letters lie between two words.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

/// The verb the words begin with; the longest name wins, so that "batch issue" is found before a verb "batch".
const Command& find_command(const std::vector<std::string>& words, std::size_t& words_used) {
  const Command* best = nullptr;
  const Command* nearest = nullptr;
  std::size_t nearest_distance = 3;  // further off it is no typing mistake
  const std::string& one = words[0];
  const std::string two = words.size() > 1 ? one + " " + words[1] : one;
  for (const Command& command : commands()) {
    const bool long_name = command.name.find(' ') != std::string::npos;
    if (command.name == (long_name ? two : one) && (best == nullptr || long_name)) {
      best = &command;
      words_used = long_name ? 2 : 1;
    }
    const std::size_t off = distance(command.name, long_name ? two : one);
    if (off < nearest_distance) {
      nearest_distance = off;
      nearest = &command;
    }
  }
  if (best != nullptr) return *best;
  throw Error(Category::usage, fmt::format("there is no verb '{}'{}; `lightseed help` lists them", one,
                                           nearest != nullptr ? "; did you mean '" + nearest->name + "'" : ""));
}

int run_command(const Command& command, const std::vector<std::string>& arguments, const SourceRegistry& sources,
                std::stop_token stop) {
  po::options_description all;
  all.add(command.options).add(common_options());
  po::positional_options_description positional;
  for (const std::string& name : command.positional)
    positional.add(name.c_str(), name == command.positional.back() ? -1 : 1);
  po::variables_map options;
  try {
    using po::command_line_style::style_t;
    // No guessing: an abbreviated option may mean another one in the next release.
    constexpr int style = style_t::unix_style & ~style_t::allow_guessing;
    po::store(po::command_line_parser(arguments).options(all).positional(positional).style(style).run(), options);
    if (options.count("help") != 0) {
      std::cout << help_of(command);
      return 0;
    }
    po::notify(options);
  } catch (const po::error& e) {
    throw Error(Category::usage, fmt::format("{} (lightseed {} --help explains)", e.what(), command.name));
  }
  return command.run({options, sources, std::move(stop)});
}

}  // namespace

void print_json(const std::string& schema, const Json& body) {
  Json whole{{"schema", "lightseed/" + schema + "/v1"}, {"version", version()}};
  whole.update(body);
  std::cout << whole.dump(1) << std::endl;
}

int run_command_line(int argc, const char* const* argv, const SourceRegistry& sources, std::stop_token stop) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
  try {
    if (words.empty() || words[0] == "help" || words[0] == "--help" || words[0] == "-h") {
      const bool markdown = words.size() == 2 && words[1] == "--markdown";
      (words.empty() ? std::cerr : std::cout) << (markdown ? reference() : overview());
      return words.empty() ? exit_code(Category::usage) : 0;
    }
    if (words[0] == "--version") {
      std::cout << fmt::format("lightseed {} ({})\n", version(), commit());
      return 0;
    }
    std::size_t used = 0;
    const Command& command = find_command(words, used);
    const std::vector<std::string> arguments(words.begin() + static_cast<std::ptrdiff_t>(used), words.end());
    const int code = run_command(command, arguments, sources, std::move(stop));
    std::cout.flush();
    if (!std::cout) throw Error(Category::io, "cannot write to stdout: is the disk full or the reader gone?");
    return code;
  } catch (const Error& e) {
    std::cerr << "lightseed: " << e.what() << "\n";
    if (json) {
      print_json(
          "error",
          {{"error",
            {{"category", name_of(e.category())}, {"exit_code", exit_code(e.category())}, {"message", e.what()}}}});
    }
    return exit_code(e.category());
  } catch (const std::bad_alloc&) {
    std::cerr << "lightseed: out of memory\n";
    return exit_code(Category::io);
  }
}

}  // namespace lightseed::cli
