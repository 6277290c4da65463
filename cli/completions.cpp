// SPDX-License-Identifier: Apache-2.0
#include "cli/completions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "cli/command.h"

namespace lightseed::cli {
namespace {

/// What a value is, as far as a shell can help with it.
enum class Kind { file, directory, choice, other };

Kind kind_of(const Option& option) {
  static const std::set<std::string> files{"FILE", "CSV", "CRT", "KEY", "DB", "IN"};
  if (!option.choices.empty()) return Kind::choice;
  if (files.contains(option.value)) return Kind::file;
  return option.value == "DIR" ? Kind::directory : Kind::other;
}

/// `text` between single quotes, for all three shells: fish also takes \' but not '\'' inside them, so neither is used.
std::string quoted(std::string text) {
  for (std::string::size_type at = 0; (at = text.find('\'', at)) != std::string::npos; at += 3)
    text.replace(at, 1, "’");
  return "'" + text + "'";
}

std::vector<Option> all_options(const Command& command) {
  std::vector<Option> all = command.options;
  all.insert(all.end(), common_options().begin(), common_options().end());
  return all;
}

std::set<std::string> first_words() {
  std::set<std::string> words{"help", "--version"};
  for (const Command& command : commands())
    words.insert(command.name.substr(0, command.name.find(' ')));
  return words;
}

/// Verbs of two words, by the first one.
std::string second_words(const std::string& first) {
  std::string words;
  for (const Command& command : commands()) {
    if (command.name.starts_with(first + " "))
      words += (words.empty() ? "" : " ") + command.name.substr(first.size() + 1);
  }
  return words;
}

std::string bash() {
  std::string verbs_of_two, verbs_of_one, families, values, options;
  for (const Command& command : commands()) {
    std::string& list = command.name.find(' ') == std::string::npos ? verbs_of_one : verbs_of_two;
    list += (list.empty() ? "" : "|") + quoted(command.name);
    std::string names;
    for (const Option& option : all_options(command)) {
      names += " --" + option.name;
      if (option.is_flag()) continue;
      std::string pattern = quoted(command.name + " --" + option.name);
      if (option.letter != 0) pattern += "|" + quoted(fmt::format("{} -{}", command.name, option.letter));
      const Kind kind = kind_of(option);
      const std::string action = kind == Kind::choice
                                     ? fmt::format("_lightseed_words '{}'", fmt::join(option.choices, " "))
                                 : kind == Kind::file      ? "_lightseed_files -f"
                                 : kind == Kind::directory ? "_lightseed_files -d"
                                                           : "COMPREPLY=()";
      values += fmt::format("    {}) {}; return ;;\n", pattern, action);
    }
    options += fmt::format("    {}) _lightseed_words '{}' ;;\n", quoted(command.name), names.substr(1));
  }
  for (const std::string& first : first_words()) {
    const std::string second = second_words(first);
    if (!second.empty()) families += fmt::format("    {}) _lightseed_words '{}' ;;\n", quoted(first), second);
  }
  return fmt::format(R"BASH(# bash completion for lightseed, written by `lightseed help --completion bash`
_lightseed_words() {{ mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }}
_lightseed_files() {{
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}}
_lightseed() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} verb=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _lightseed_words '{}'
    return
  fi
  case "${{COMP_WORDS[1]}} ${{COMP_WORDS[2]-}}" in
    {}) verb="${{COMP_WORDS[1]}} ${{COMP_WORDS[2]}}" ;;
    *) case ${{COMP_WORDS[1]}} in {}) verb=${{COMP_WORDS[1]}} ;; esac ;;
  esac
  case "$verb $prev" in
{}  esac
  if ((COMP_CWORD == 2)) && [[ $cur != -* ]]; then
    case ${{COMP_WORDS[1]}} in
{}    esac
    ((${{#COMPREPLY[@]}} == 0)) || return
  fi
  if [[ $cur != -* ]]; then
    _lightseed_files -f
    return
  fi
  case $verb in
{}  esac
}}
complete -F _lightseed lightseed
)BASH",
                     fmt::join(first_words(), " "), verbs_of_two, verbs_of_one, values, families, options);
}

/// One argument of zsh's _arguments: '-o+[text]:VALUE:_files'.
std::string zsh_argument(const Option& option) {
  std::string text = option.text;
  for (const char* special : {"[", "]", ":"}) {
    for (std::string::size_type at = 0; (at = text.find(special, at)) != std::string::npos; at += 2)
      text.insert(at, "\\");
  }
  const Kind kind = kind_of(option);
  const std::string action = kind == Kind::file        ? "_files"
                             : kind == Kind::directory ? "_files -/"
                             : kind == Kind::choice    ? fmt::format("({})", fmt::join(option.choices, " "))
                                                       : " ";
  const std::string value = option.is_flag() ? "" : fmt::format(":{}:{}", option.value, action);
  std::string lines = "        " + quoted(fmt::format("--{}[{}]{}", option.name, text, value)) + " \\\n";
  if (option.letter != 0) lines += "        " + quoted(fmt::format("-{}[{}]{}", option.letter, text, value)) + " \\\n";
  return lines;
}

std::string zsh() {
  std::string verbs, families;
  // The longest names first: "assess iid" is also "assess" and something.
  std::vector<Command> longest_first = commands();
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const Command& a, const Command& b) { return a.name.size() > b.name.size(); });
  for (const Command& command : longest_first) {
    // After a verb of two words, its second word goes away, so that _arguments sees the arguments alone.
    const bool two = command.name.find(' ') != std::string::npos;
    verbs += fmt::format("    '{}'*)\n{}      _arguments \\\n", command.name,
                         two ? "      shift words\n      ((--CURRENT))\n" : "");
    for (const Option& option : all_options(command))
      verbs += zsh_argument(option);
    verbs += "        '*:FILE:_files'\n      ;;\n";
  }
  for (const std::string& first : first_words()) {
    const std::string second = second_words(first);
    if (!second.empty()) families += fmt::format("    {}) compadd -- {} ;;\n", first, second);
  }
  return fmt::format(R"ZSH(#compdef lightseed
# zsh completion for lightseed, written by `lightseed help --completion zsh`
_lightseed() {{
  if ((CURRENT == 2)); then
    compadd -- {}
    return
  fi
  shift words
  ((--CURRENT))
  if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then
    case $words[1] in
{}    esac
  fi
  case "$words[1] $words[2]" in
{}  esac
}}
_lightseed "$@"
)ZSH",
                     fmt::join(first_words(), " "), families, verbs);
}

std::string fish() {
  std::string text =
      "# fish completion for lightseed, written by `lightseed help --completion fish`\n"
      "function __lightseed_verb\n"
      "  set -l words (commandline -opc)\n"
      "  test (count $words) -gt 1; and string match -q -- \"$argv[1]*\" \"$words[2..3]\"\n"
      "end\n"
      "function __lightseed_first\n"
      "  test (count (commandline -opc)) -eq 1\n"
      "end\n"
      "function __lightseed_second\n"
      "  set -l words (commandline -opc)\n"
      "  test (count $words) -eq 2; and test \"$words[2]\" = \"$argv[1]\"\n"
      "end\n";
  text += fmt::format("complete -c lightseed -f -n __lightseed_first -a '{}'\n", fmt::join(first_words(), " "));
  for (const std::string& first : first_words()) {
    const std::string second = second_words(first);
    if (!second.empty())
      text += fmt::format("complete -c lightseed -n '__lightseed_second {}' -a '{}'\n", first, second);
  }
  for (const Command& command : commands()) {
    for (const Option& option : all_options(command)) {
      text += fmt::format("complete -c lightseed -n '__lightseed_verb \"{}\"' -l {}", command.name, option.name);
      if (option.letter != 0) text += fmt::format(" -s {}", option.letter);
      const Kind kind = kind_of(option);
      if (!option.is_flag()) text += kind == Kind::file ? " -r -F" : " -x";
      if (kind == Kind::directory) text += " -a '(__fish_complete_directories)'";
      if (kind == Kind::choice) text += fmt::format(" -a '{}'", fmt::join(option.choices, " "));
      text += " -d " + quoted(option.text) + "\n";
    }
  }
  return text;
}

}  // namespace

const std::vector<std::string>& completion_shells() {
  static const std::vector<std::string> shells{"bash", "zsh", "fish"};
  return shells;
}

std::string completion_for(std::string_view shell) {
  if (shell == "bash") return bash();
  if (shell == "zsh") return zsh();
  if (shell == "fish") return fish();
  throw Error(Category::usage,
              fmt::format("there are completions for {}, not for '{}'", fmt::join(completion_shells(), ", "), shell));
}

}  // namespace lightseed::cli
