// SPDX-License-Identifier: Apache-2.0
#include "evidence/object_reader.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "core/error.h"

namespace lightseed {

ObjectReader::ObjectReader(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {
  if (!json.is_object()) {
    throw Error(Category::malformed, fmt::format("{}: it is no object", path_.empty() ? "the record" : path_));
  }
}

std::string ObjectReader::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
}

void ObjectReader::fail(std::string_view name, std::string_view why) const {
  throw Error(Category::malformed, fmt::format("{}: {}", path_of(name), why));
}

const Json& ObjectReader::take(std::string_view name) {
  const auto found = json_->find(std::string(name));
  if (found == json_->end()) fail(name, "it is missing");
  if (!taken_.emplace(name).second) throw Error(Category::internal, path_of(name) + " is read twice");
  return *found;
}

std::string ObjectReader::text(std::string_view name) {
  const Json& value = take(name);
  if (!value.is_string()) fail(name, "it is no text");
  return value.get<std::string>();
}

void ObjectReader::literal(std::string_view name, std::string_view wanted) {
  if (text(name) != wanted) fail(name, fmt::format("it is not \"{}\"", wanted));
}

std::uint64_t ObjectReader::count(std::string_view name, std::uint64_t least, std::uint64_t most) {
  const Json& value = take(name);
  if (!value.is_number_integer() || (!value.is_number_unsigned() && value.get<std::int64_t>() < 0)) {
    fail(name, "it is no whole number from 0 on");
  }
  const auto number = value.get<std::uint64_t>();
  if (number < least || number > most) fail(name, fmt::format("{} is not from {} to {}", number, least, most));
  return number;
}

std::int64_t ObjectReader::whole(std::string_view name, std::int64_t least, std::int64_t most) {
  const Json& value = take(name);
  if (!value.is_number_integer()) fail(name, "it is no whole number");
  const bool small = !value.is_number_unsigned() || std::in_range<std::int64_t>(value.get<std::uint64_t>());
  const std::int64_t number = small ? value.get<std::int64_t>() : std::numeric_limits<std::int64_t>::max();
  if (!small || number < least || number > most) fail(name, fmt::format("it is not from {} to {}", least, most));
  return number;
}

double ObjectReader::number(std::string_view name, double least, double most) {
  const Json& value = take(name);
  if (!value.is_number()) fail(name, "it is no number");
  const auto number = value.get<double>();
  if (!std::isfinite(number)) fail(name, "it is not finite");
  if (number < least || number > most) fail(name, fmt::format("{} is not from {} to {}", number, least, most));
  return number;
}

std::optional<double> ObjectReader::number_or_null(std::string_view name) {
  if (null(name)) return std::nullopt;
  return number(name);
}

std::variant<std::uint64_t, double> ObjectReader::count_or_number(std::string_view name) {
  const auto found = json_->find(std::string(name));
  if (found != json_->end() && found->is_number_integer()) return count(name);
  return number(name);
}

bool ObjectReader::flag(std::string_view name) {
  const Json& value = take(name);
  if (!value.is_boolean()) fail(name, "it is neither true nor false");
  return value.get<bool>();
}

std::vector<std::string> ObjectReader::texts(std::string_view name) {
  const Json& value = take(name);
  std::vector<std::string> result;
  if (!value.is_array()) fail(name, "it is no list");
  for (const Json& item : value) {
    if (!item.is_string()) fail(name, "its items are not all texts");
    result.push_back(item.get<std::string>());
  }
  return result;
}

std::vector<std::uint64_t> ObjectReader::counts(std::string_view name, std::uint64_t least, std::uint64_t most) {
  const Json& value = take(name);
  if (!value.is_array()) fail(name, "it is no list");
  std::vector<std::uint64_t> result;
  for (const Json& item : value) {
    if (!item.is_number_unsigned()) fail(name, "its items are not all whole numbers from 0 on");
    result.push_back(item.get<std::uint64_t>());
    if (result.back() < least || result.back() > most) {
      fail(name, fmt::format("{} is not from {} to {}", result.back(), least, most));
    }
  }
  return result;
}

ObjectReader ObjectReader::object(std::string_view name) {
  return {take(name), path_of(name)};
}

std::vector<ObjectReader> ObjectReader::objects(std::string_view name, std::size_t most) {
  const Json& value = take(name);
  if (!value.is_array()) fail(name, "it is no list");
  if (value.size() > most) fail(name, fmt::format("{} items are more than {}", value.size(), most));
  std::vector<ObjectReader> result;
  for (std::size_t i = 0; i < value.size(); ++i)
    result.emplace_back(value[i], fmt::format("{}[{}]", path_of(name), i));
  return result;
}

Json ObjectReader::free_object(std::string_view name) {
  const Json& value = take(name);
  if (!value.is_object()) fail(name, "it is no object");
  return value;
}

bool ObjectReader::has(std::string_view name) const {
  return json_->contains(std::string(name));
}

bool ObjectReader::null(std::string_view name) {
  const auto found = json_->find(std::string(name));
  if (found == json_->end() || !found->is_null()) return false;
  (void)take(name);
  return true;
}

std::vector<std::string> ObjectReader::untaken() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : json_->items()) {
    if (!taken_.contains(name)) names.push_back(name);
  }
  return names;
}

void ObjectReader::finish() const {
  for (const auto& [name, value] : json_->items()) {
    if (!taken_.contains(name)) fail(fmt::format("{:.60}", name), "nobody knows this member");
  }
}

}  // namespace lightseed
