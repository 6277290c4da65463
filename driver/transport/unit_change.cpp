// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/unit_change.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "evidence/sample_format_json.h"

namespace lightseed {
namespace {

std::string in_quotes(std::string_view text) {
  return fmt::format("'{}'", text);
}

}  // namespace

Json lasting_parameters(Json parameters) {
  parameters.erase("port");
  parameters.erase("proof");
  if (const auto usb = parameters.find("usb"); usb != parameters.end() && usb->is_object()) usb->erase("node");
  for (Json& part : parameters) {
    if (!part.is_object()) continue;
    if (const auto identity = part.find("identity"); identity != part.end() && identity->is_object()) {
      identity->erase("signed_read");
    }
  }
  return parameters;
}

std::optional<std::string> change_between(const SourceInfo& first, const SourceInfo& now) {
  const std::pair<const char*, std::pair<std::string, std::string>> members[] = {
      {"provenance", {in_quotes(name_of(first.provenance)), in_quotes(name_of(now.provenance))}},
      {"driver", {in_quotes(first.driver), in_quotes(now.driver)}},
      {"serial number", {in_quotes(first.serial), in_quotes(now.serial)}},
      {"firmware", {in_quotes(first.firmware), in_quotes(now.firmware)}},
      {"model", {in_quotes(first.model), in_quotes(now.model)}},
      {"name", {in_quotes(first.uri), in_quotes(now.uri)}},
      {"sample format", {to_json(first.format).dump(), to_json(now.format).dump()}},
      {"claim", {to_json(first.claim).dump(), to_json(now.claim).dump()}},
      {"rate", {fmt::format("{}", first.nominal_rate), fmt::format("{}", now.nominal_rate)}},
  };
  for (const auto& [name, values] : members) {
    if (values.first != values.second) return fmt::format("its {} was {} and is {}", name, values.first, values.second);
  }
  const Json before = lasting_parameters(first.parameters), after = lasting_parameters(now.parameters);
  if (before == after) return std::nullopt;
  const Json::json_pointer where(Json::diff(before, after).at(0).value("path", ""));
  const auto value = [&where](const Json& all) { return all.contains(where) ? all[where].dump() : "not there"; };
  return fmt::format("its parameter {} was {} and is {}", where.to_string(), value(before), value(after));
}

}  // namespace lightseed
