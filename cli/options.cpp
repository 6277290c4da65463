// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/nearest.h"
#include "core/error.h"

namespace lightseed::cli {
namespace {

[[noreturn]] void refuse_words(const std::string& sentence) {
  throw Error(Category::usage, sentence);
}

bool may_stand_alone(const Option& option) {
  return option.value.starts_with('[');
}

/// What follows an option that may stand alone belongs to it only where it is a number, or one of its choices.
bool belongs_to(const Option& option, const std::string& word) {
  if (!option.choices.empty())
    return std::find(option.choices.begin(), option.choices.end(), word) != option.choices.end();
  return !word.empty() && word[0] >= '0' && word[0] <= '9';
}

}  // namespace

const std::vector<Option>& common_options() {
  static const std::vector<Option> common{
      {.name = "json", .text = "print one JSON object on stdout instead of words"},
      {.name = "quiet", .letter = 'q', .text = "no progress and no notes on stderr; warnings and errors stay"},
      {.name = "version", .text = "name this build"},
      {.name = "help", .letter = 'h', .text = "explain the verb"}};
  return common;
}

const Option* Options::find(const std::string& name) const {
  for (const std::vector<Option>* table : {known_, &common_options()}) {
    const auto found = std::find_if(table->begin(), table->end(), [&](const Option& o) { return o.name == name; });
    if (found != table->end()) return &*found;
  }
  return nullptr;
}

const Option* Options::find_letter(char letter) const {
  for (const std::vector<Option>* table : {known_, &common_options()}) {
    const auto found = std::find_if(table->begin(), table->end(), [&](const Option& o) { return o.letter == letter; });
    if (letter != 0 && found != table->end()) return &*found;
  }
  return nullptr;
}

void Options::add(const Option& option, std::string value) {
  auto& values = given_[option.name];
  // A switch that is on is on; a value given twice leaves open which one is meant.
  if (!values.empty() && option.is_flag()) return;
  if (!values.empty() && !option.many) refuse_words(fmt::format("--{} is given twice", option.name));
  values.push_back(std::move(value));
}

Options::Options(const std::vector<Option>& known, const std::vector<std::string>& positional,
                 const std::vector<std::string>& arguments)
    : known_(&known) {
  std::size_t place = 0;
  bool options_over = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (options_over || word.size() < 2 || word[0] != '-') {
      if (positional.empty()) refuse_words(fmt::format("what is '{}' for? There is no place for it here", word));
      const Option& option = *find(positional[place]);
      if (!option.many && given(option.name)) refuse_words(fmt::format("'{}' is one argument too many", word));
      add(option, word);
      if (place + 1 < positional.size()) ++place;
      continue;
    }
    if (word == "--") {
      options_over = true;
      continue;
    }
    const bool is_long = word[1] == '-';
    const std::size_t equals = is_long ? word.find('=') : std::string::npos;
    const std::string name = is_long ? word.substr(2, equals == std::string::npos ? equals : equals - 2) : "";
    const Option* const option = is_long ? find(name) : find_letter(word[1]);
    if (option == nullptr) {
      std::vector<std::string> names;
      for (const std::vector<Option>* table : {known_, &common_options()})
        for (const Option& o : *table)
          names.push_back(o.name);
      const auto near = is_long ? nearest(name, names) : std::nullopt;
      refuse_words(fmt::format("unrecognised option '{}'{}", word.substr(0, equals),
                               near ? fmt::format("; did you mean --{}", *near) : ""));
    }
    std::optional<std::string> value;
    if (equals != std::string::npos) value = word.substr(equals + 1);
    if (!is_long && word.size() > 2) value = word.substr(2);
    if (option->is_flag()) {
      if (value) refuse_words(fmt::format("--{} takes no value", option->name));
      add(*option, "");
      continue;
    }
    // A script's variable that is not set must not mean what the name alone does.
    if (value && value->empty() && may_stand_alone(*option))
      refuse_words(
          fmt::format("--{}= has no value: write --{} alone, or {}", option->name, option->name,
                      option->choices.empty() ? "a number" : fmt::format("{}", fmt::join(option->choices, ", "))));
    if (!value && may_stand_alone(*option) && (i + 1 == arguments.size() || !belongs_to(*option, arguments[i + 1])))
      value = "";
    if (!value && i + 1 < arguments.size()) {
      const std::string& next = arguments[i + 1];
      if (!next.starts_with("--") || find(next.substr(2)) == nullptr) value = arguments[++i];
    }
    if (!value) refuse_words(fmt::format("--{} needs a value: {}", option->name, option->value));
    add(*option, *std::move(value));
  }
  for (const Option& option : known) {
    if (option.choices.empty() || !has(option.name)) continue;
    for (const std::string& value : texts(option.name)) {
      if (value.empty() && may_stand_alone(option)) continue;
      if (std::find(option.choices.begin(), option.choices.end(), value) != option.choices.end()) continue;
      refuse_words(fmt::format("--{} {}: expected {}", option.name, value, fmt::join(option.choices, ", ")));
    }
  }
}

void Options::supply(const std::string& name, std::string value) {
  supplied_[name] = std::move(value);
}

void Options::require() const {
  std::vector<std::string> missing;
  for (const Option& option : *known_) {
    if (option.required && !given(option.name) && !supplied_.contains(option.name))
      missing.push_back(fmt::format("--{} {}", option.name, option.value));
  }
  if (!missing.empty()) refuse_words(fmt::format("this needs {} as well", fmt::join(missing, ", ")));
}

bool Options::given(const std::string& name) const {
  return given_.contains(name);
}

bool Options::has(const std::string& name) const {
  if (given(name) || supplied_.contains(name)) return true;
  const Option* const option = find(name);
  return option != nullptr && !option->fallback.empty();
}

const std::string& Options::text(const std::string& name) const {
  if (const auto found = given_.find(name); found != given_.end()) return found->second.front();
  if (const auto found = supplied_.find(name); found != supplied_.end()) return found->second;
  const Option* const option = find(name);
  if (option == nullptr || option->fallback.empty()) {
    throw Error(Category::internal, fmt::format("the option --{} is read but not there", name));
  }
  return option->fallback;
}

std::string Options::text_or(const std::string& name, const std::string& missing) const {
  return has(name) ? text(name) : missing;
}

std::vector<std::string> Options::texts(const std::string& name) const {
  if (const auto found = given_.find(name); found != given_.end()) return found->second;
  return has(name) ? std::vector{text(name)} : std::vector<std::string>{};
}

std::uint64_t Options::count(const std::string& name, CountRange range) const {
  return parse_count(name, text(name), range);
}

double Options::number(const std::string& name, NumberRange range) const {
  return parse_number(name, text(name), range);
}

double Options::log2_probability(const std::string& name, NumberRange log2_range) const {
  return parse_log2_probability(name, text(name), log2_range);
}

}  // namespace lightseed::cli
