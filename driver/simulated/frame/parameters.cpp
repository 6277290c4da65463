// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "driver/nearest.h"

namespace lightseed::simulated {
namespace {

double take_word(SourceUri& uri, const Parameter& parameter) {
  const std::string& usual = parameter.choices.at(static_cast<std::size_t>(parameter.usual));
  const std::string word = uri.take_text(parameter.name, usual);
  const auto found = std::find(parameter.choices.begin(), parameter.choices.end(), word);
  if (found == parameter.choices.end()) {
    const std::string near = nearest(word, parameter.choices);
    throw Error(Category::usage,
                fmt::format("{}={} – expected one of {}{}", parameter.name, word, fmt::join(parameter.choices, ", "),
                            near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }
  return static_cast<double>(found - parameter.choices.begin());
}

double take_value(SourceUri& uri, const Parameter& parameter) {
  if (!parameter.choices.empty()) return take_word(uri, parameter);
  if (!parameter.whole) return uri.take_number(parameter.name, parameter.usual, parameter.least, parameter.most);
  const auto count = [](double number) { return static_cast<std::uint64_t>(number); };
  return static_cast<double>(
      uri.take_count(parameter.name, count(parameter.usual), count(parameter.least), count(parameter.most)));
}

}  // namespace

Parameters Parameters::take(SourceUri& uri, const std::vector<Parameter>& declared) {
  Parameters parameters;
  for (const Parameter& parameter : declared)
    parameters.values_.push_back({&parameter, take_value(uri, parameter)});
  return parameters;
}

Parameters Parameters::usual(const std::vector<Parameter>& declared) {
  SourceUri uri = SourceUri::parse("sim:usual");
  return take(uri, declared);
}

const Parameters::Value& Parameters::find(std::string_view name) const {
  for (const Value& value : values_) {
    if (value.parameter->name == name) return value;
  }
  throw Error(Category::internal, fmt::format("the photon model declares no parameter {}", name));
}

double Parameters::operator[](std::string_view name) const {
  return find(name).number;
}

unsigned Parameters::whole(std::string_view name) const {
  return static_cast<unsigned>(find(name).number);
}

const std::string& Parameters::word(std::string_view name) const {
  const Value& value = find(name);
  return value.parameter->choices.at(static_cast<std::size_t>(value.number));
}

std::string Parameters::text_of(const Value& value) {
  if (!value.parameter->choices.empty()) return value.parameter->choices[static_cast<std::size_t>(value.number)];
  return fmt::format("{}", value.number);
}

std::string Parameters::uri_text() const {
  std::string text;
  for (const Value& value : values_)
    text += fmt::format("&{}={}", value.parameter->name, text_of(value));
  return text;
}

Json Parameters::json() const {
  Json json = Json::object();
  for (const Value& value : values_) {
    if (value.parameter->choices.empty()) {
      json[value.parameter->name] = value.number;
    } else {
      json[value.parameter->name] = text_of(value);
    }
  }
  return json;
}

void Parameters::refuse(std::string_view name, std::string_view why) const {
  throw Error(Category::usage, fmt::format("{}={} – {}", name, text_of(find(name)), why));
}

}  // namespace lightseed::simulated
