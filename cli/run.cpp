// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "cli/command.h"
#include "cli/completions.h"
#include "cli/exit_code.h"
#include "cli/fd_stream.h"
#include "cli/help.h"
#include "cli/hints.h"
#include "cli/man_page.h"
#include "cli/nearest.h"
#include "cli/old_spellings.h"
#include "cli/order_faults.h"
#include "cli/printable.h"
#include "cli/settings.h"
#include "core/version.h"
#include "provision/order/order_error.h"

namespace lightseed::cli {
namespace {

using Words = std::vector<std::string>;

/// The words of a call, taken apart: options that every verb takes may stand before the verb as well.
struct Call {
  Words verb;       ///< the words up to the first option; arguments follow the verb's own words
  Words arguments;  ///< all others
};

bool is_common(const std::string& word) {
  return std::any_of(common_options().begin(), common_options().end(), [&](const Option& option) {
    return word == "--" + option.name || (option.letter != 0 && word == std::string{'-', option.letter});
  });
}

Call take_apart(std::span<const std::string> words) {
  Call call;
  auto word = words.begin();
  for (; word != words.end() && is_common(*word); ++word)
    call.arguments.push_back(*word);
  for (; word != words.end() && !word->starts_with("-"); ++word)
    call.verb.push_back(*word);
  call.arguments.insert(call.arguments.end(), word, words.end());
  return call;
}

bool contains(const Words& words, const char* word) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, word) != end;
}

const Command* find_command(const std::string& name) {
  const auto found =
      std::find_if(commands().begin(), commands().end(), [&](const Command& command) { return command.name == name; });
  return found == commands().end() ? nullptr : &*found;
}

/// The verb that the words begin with; the longest name wins, so that "assess iid" is found before "assess".
const Command* longest_verb(const Words& words, std::size_t& words_used) {
  for (const std::size_t used : {std::size_t{2}, std::size_t{1}}) {
    if (words.size() < used) continue;
    const Command* const command = find_command(used == 2 ? words[0] + " " + words[1] : words[0]);
    if (command == nullptr) continue;
    words_used = used;
    return command;
  }
  return nullptr;
}

[[noreturn]] void refuse_verb(const Words& words) {
  const std::string family = help_of_family(words[0]);
  std::vector<std::string> names;
  for (const Command& command : commands())
    names.push_back(command.name);
  const std::string& one = words[0];
  const std::string two = words.size() > 1 ? one + " " + words[1] : one;
  auto near = nearest(two, names);
  if (!near) near = nearest(one, names);
  const std::string typed = family.empty() ? one : two;
  if (near) {
    throw Error(Category::usage, fmt::format("there is no verb '{}'; did you mean '{}'?", printable(typed, 80), *near));
  }
  if (!family.empty()) throw Error(Category::usage, fmt::format("'{}' is not a verb. There are:\n{}", typed, family));
  throw Error(Category::usage, fmt::format("there is no verb '{}'; `lightseed help` lists them", printable(typed, 80)));
}

void print_version(Console& console, bool json) {
  if (json) {
    print_json(console, "version", {{"commit", commit()}});
  } else {
    console.out() << fmt::format("lightseed {} ({})\n", version(), commit());
  }
}

/// `help`, `help VERB`, `VERB --help`, `batch --help`.
int show_help(const Words& words, bool json, Console& console) {
  std::size_t used = 0;
  const Command* const command = longest_verb(words, used);
  if (json) {
    print_json(console, "verbs", table_of_verbs());
  } else if (command != nullptr) {
    console.out() << help_of(*command);
  } else if (!words.empty()) {
    const std::string family = help_of_family(words[0]);
    if (family.empty() || words.size() > 1) refuse_verb(words);
    console.out() << family;
  } else {
    console.out() << overview();
  }
  return 0;
}

/// The verb `help`: pages for people, and what is made of the same table for the build to install.
int run_help(const Call& call, Console& console) {
  static const std::vector<Option> table{{.name = "verb", .value = "VERB", .many = true},
                                         {.name = "markdown"},
                                         {.name = "man"},
                                         {.name = "completion", .value = "SHELL", .choices = completion_shells()}};
  Words arguments(call.verb.begin() + 1, call.verb.end());
  arguments.insert(arguments.end(), call.arguments.begin(), call.arguments.end());
  const Options options(table, {"verb"}, arguments);
  if (options.has("markdown")) {
    console.out() << reference();
  } else if (options.has("man")) {
    console.out() << man_page();
  } else if (options.has("completion")) {
    console.out() << completion_for(options.text("completion"));
  } else {
    return show_help(options.texts("verb"), options.has("json"), console);
  }
  return 0;
}

/// Fills options that were not given from the environment and the configuration, and says so.
void supply_settings(const Command& command, Options& options, Console& console) {
  const auto takes = [&](std::string_view name) {
    return std::any_of(command.options.begin(), command.options.end(),
                       [&](const Option& option) { return option.name == name; });
  };
  const auto wanted = [&](const Setting& setting) {
    return takes(setting.name) && !options.given(std::string(setting.name));
  };
  const auto known = known_settings();
  // Most calls need none, and a broken configuration is no reason not to list devices.
  if (std::none_of(known.begin(), known.end(), wanted)) return;
  std::string supplied;
  for (const SettingInForce& value : read_settings(places_of_process()).values) {
    if (!takes(value.name) || options.given(value.name)) continue;
    options.supply(value.name, value.value);
    supplied += fmt::format("{}--{} ({})", supplied.empty() ? "" : ", ", value.name, value.origin);
  }
  if (!supplied.empty() && !options.has("quiet")) console.err() << "settings in force: " << supplied << "\n";
}

int run_verb(Call call, const SourceRegistry& sources, std::stop_token stop, Console& console) {
  std::size_t used = 0;
  const Command* command = longest_verb(call.verb, used);
  if (command == nullptr) refuse_verb(call.verb);
  Words arguments = std::move(call.arguments);
  arguments.insert(arguments.begin(), call.verb.begin() + static_cast<std::ptrdiff_t>(used), call.verb.end());
  std::string name = command->name;
  for (const std::string& hint : translate_old_spellings(name, arguments))
    console.err() << "lightseed: " << hint << "\n";
  command = find_command(name);
  const Options options = [&] {
    try {
      Options parsed(command->options, command->positional, arguments);
      supply_settings(*command, parsed, console);
      parsed.require();
      return parsed;
    } catch (const Error& error) {
      if (error.category() != Category::usage) throw;
      throw Error(error.category(), fmt::format("{}; `lightseed help {}` explains", error.what(), name));
    }
  }();
  console.quiet = options.has("quiet");
  return command->run({options, sources, std::move(stop), console});
}

int run_words(std::span<const std::string> words, const SourceRegistry& sources, std::stop_token stop,
              Console& console) {
  Call call = take_apart(words);
  const bool json = contains(call.arguments, "--json");
  const bool wants_help = contains(call.arguments, "--help") || contains(call.arguments, "-h");
  if (contains(call.arguments, "--version")) {
    print_version(console, json);
    return 0;
  }
  if (!call.verb.empty() && call.verb[0] == "help") return run_help(call, console);
  if (wants_help) return show_help(call.verb, json, console);
  if (call.verb.empty() && call.arguments.empty()) {
    console.err() << overview();
    return exit_code(Category::usage);
  }
  if (call.verb.empty()) {
    throw Error(Category::usage,
                fmt::format("a verb comes before '{}'; `lightseed help` lists them", printable(call.arguments[0], 80)));
  }
  return run_verb(std::move(call), sources, std::move(stop), console);
}

/// A sentence on stderr, and an object on stdout where JSON was asked for.
int report(Console& console, bool json, std::string_view category, int code, const std::string& message,
           const Json& details = Json::object()) {
  console.err() << Coloured{Colour::bad, "lightseed:"} << " " << message << "\n";
  if (json) {
    Json error{{"category", category}, {"exit_code", code}, {"message", message}};
    error.update(details);
    print_json(console, "error", {{"error", std::move(error)}});
  }
  console.out().flush();
  return code;
}

/// What some errors say to programs beside their sentence.
Json details_of(const Error& error) {
  if (dynamic_cast<const OrderRefused*>(&error) != nullptr) return {{"order_refused", true}};
  const auto* const order = dynamic_cast<const OrderError*>(&error);
  if (order == nullptr) return Json::object();
  const OrderFaults& found = order->found();
  return {{"bad_lines", found.bad_lines}, {"faults", order_faults_json(found.file, found.faults)}};
}

/// Something no verb expected: what a report needs, and where it goes.
int report_fault(Console& console, bool json, std::span<const std::string> words, const std::string& what) {
  const Call call = take_apart(words);
  std::size_t used = 0;
  const Command* const command = longest_verb(call.verb, used);
  return report(console, json, name_of(Category::internal), exit_code(Category::internal),
                fmt::format("a fault of lightseed itself: {}\n"
                            "Please report it with this line and what you did: lightseed {} ({}), {}",
                            what, version(), commit(), command == nullptr ? "no verb" : command->name));
}

}  // namespace

int run_command_line(std::span<const std::string> words, const SourceRegistry& sources, std::stop_token stop,
                     Console& console) {
  const bool json = contains(Words(words.begin(), words.end()), "--json");
  try {
    try {
      const int code = run_words(words, sources, std::move(stop), console);
      console.bytes().flush();
      return code;
    } catch (const Error& error) {
      if (error.category() == Category::internal) return report_fault(console, json, words, error.what());
      return report(console, json, name_of(error.category()), exit_code(error.category()), with_hint(error.what()),
                    details_of(error));
    } catch (const ReaderGone&) {
      throw;
    } catch (const std::bad_alloc&) {
      return report(console, json, name_of(Category::io), exit_code(Category::io), "out of memory");
    } catch (const std::exception& fault) {
      return report_fault(console, json, words, fault.what());
    }
  } catch (const ReaderGone&) {
    // Its reader had enough: that is no error, and nobody reads of it.
    return exit_code_reader_gone;
  } catch (const std::exception&) {
    // Not even the report could be written.
    return exit_code(Category::io);
  }
}

}  // namespace lightseed::cli
