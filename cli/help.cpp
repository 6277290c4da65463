// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/exit_code.h"
#include "cli/words.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t columns = 80;

std::string summary_line(const Command& command) {
  return fmt::format("  {:<20} {}\n", command.name, command.summary);
}

std::string help_of(const Option& option) {
  constexpr std::size_t text_column = 26;
  std::string head = option.letter != 0 ? fmt::format("  -{}, --{}", option.letter, option.name)
                                        : fmt::format("      --{}", option.name);
  if (!option.is_flag()) head += " " + option.value;
  std::string text = option.text;
  if (!option.choices.empty()) text += fmt::format("{}{}", text.empty() ? "" : ": ", fmt::join(option.choices, ", "));
  if (option.required) text += " (needed)";
  if (!option.fallback.empty()) text += fmt::format(" (default: {})", option.fallback);
  head += head.size() + 1 < text_column ? std::string(text_column - head.size(), ' ')
                                        : "\n" + std::string(text_column, ' ');
  return head + wrapped(text, columns, text_column) + "\n";
}

std::string help_of(const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options)
    text += help_of(option);
  return text;
}

std::string usage_of(const Command& command) {
  std::string text = "lightseed " + command.name;
  for (const std::string& name : command.positional) {
    for (const Option& option : command.options) {
      if (option.name != name) continue;
      const std::string word = option.many ? option.value + "…" : option.value;
      text += option.required ? " " + word : " [" + word + "]";
    }
  }
  return text + " [options]";
}

}  // namespace

std::string overview() {
  std::string text = "lightseed – quantum randomness to certified SIM keys\n";
  std::string group;
  for (const Command& command : commands()) {
    if (command.group != group) text += "\n" + command.group + "\n";
    group = command.group;
    text += summary_line(command);
  }
  text += "\n`lightseed help VERB` explains one, `lightseed --version` names this build.\n\nExit codes\n";
  for (const ExitCode& code : exit_codes)
    text += fmt::format("  {:>3}  {}\n", code.code, code.meaning);
  return text;
}

std::string help_of(const Command& command) {
  std::string text = fmt::format("lightseed {} – {}\n\nUsage: {}\n\n{}\n\nExamples:\n", command.name, command.summary,
                                 usage_of(command), wrapped(command.description, columns));
  for (const std::string& example : command.examples)
    text += "  " + example + "\n";
  return text + "\nOptions:\n" + help_of(command.options) + "\nEvery verb:\n" + help_of(common_options());
}

std::string help_of_family(const std::string& first) {
  std::string text;
  for (const Command& command : commands()) {
    if (command.name == first || command.name.starts_with(first + " ")) text += summary_line(command);
  }
  return text.empty() ? text : text + fmt::format("\n`lightseed help {} VERB` explains one.\n", first);
}

std::string reference() {
  std::string text =
      "# The command\n\nWritten by `lightseed help --markdown`; a test compares it.\n\n```\n" + overview() + "```\n";
  for (const Command& command : commands())
    text += fmt::format("\n## {}\n\n```\n{}```\n", command.name, help_of(command));
  return text;
}

Json table_of_verbs() {
  const auto options_json = [](const std::vector<Option>& options) {
    Json list = Json::array();
    for (const Option& option : options) {
      Json one{{"name", option.name}, {"text", option.text}, {"required", option.required}};
      if (option.letter != 0) one["letter"] = std::string(1, option.letter);
      if (!option.is_flag()) one["value"] = option.value;
      if (!option.fallback.empty()) one["default"] = option.fallback;
      if (!option.choices.empty()) one["choices"] = option.choices;
      list.push_back(std::move(one));
    }
    return list;
  };
  Json verbs = Json::array();
  for (const Command& command : commands()) {
    verbs.push_back({{"name", command.name},
                     {"group", command.group},
                     {"summary", command.summary},
                     {"positional", command.positional},
                     {"options", options_json(command.options)}});
  }
  Json codes = Json::array();
  for (const ExitCode& code : exit_codes)
    codes.push_back({{"code", code.code}, {"meaning", code.meaning}});
  return {{"verbs", verbs}, {"common_options", options_json(common_options())}, {"exit_codes", codes}};
}

}  // namespace lightseed::cli
