// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/printable.h"
#include "cli/settings.h"
#include "cli/verbs.h"

namespace lightseed::cli {
namespace {

Json to_json(const Settings& settings) {
  Json files = Json::array();
  for (const Settings::File& file : settings.files)
    files.push_back({{"file", file.path.string()}, {"exists", file.exists}});
  Json values = Json::array();
  for (const Setting& setting : known_settings()) {
    const SettingInForce* const value = settings.find(setting.name);
    values.push_back({{"name", setting.name},
                      {"variable", variable_of(setting.name)},
                      {"value", value == nullptr ? Json() : Json(value->value)},
                      {"from", value == nullptr ? Json() : Json(value->origin)}});
  }
  return {{"files", files}, {"settings", values}};
}

int run_config(const Context& context) {
  const Settings settings = read_settings(places_of_process());
  if (context.json()) {
    context.print_json("config", to_json(settings));
    return 0;
  }
  std::ostream& out = context.out();
  for (const Setting& setting : known_settings()) {
    const SettingInForce* const value = settings.find(setting.name);
    if (value == nullptr) {
      out << fmt::format("{:<18} not set ({})\n", setting.name, variable_of(setting.name));
    } else {
      out << fmt::format("{:<18} {}\n{:<18}   from {}\n", setting.name, printable(value->value, 2000), "",
                         printable(value->origin, 2000));
    }
  }
  for (const Settings::File& file : settings.files)
    out << fmt::format("{}: {}\n", printable(file.path.string(), 2000), file.exists ? "read" : "not there");
  return 0;
}

}  // namespace

Command config_command() {
  return {
      .name = "config",
      .group = "Settings",
      .summary = "which settings are in force, and from where",
      .description =
          "What stays the same from call to call may stand in the environment, as LIGHTSEED_LEDGER, or in a file of "
          "lines NAME = VALUE, named like the options: $LIGHTSEED_CONFIG, or ~/.config/lightseed/config, and "
          "/etc/lightseed/config. An option counts more than a variable, a variable more than your file, your file "
          "more "
          "than the system's. Secrets have no place there. LIGHTSEED_CONFIG= reads no file.",
      .examples = {"lightseed config", "LIGHTSEED_CONFIG= lightseed config --json"},
      .run = run_config};
}

}  // namespace lightseed::cli
