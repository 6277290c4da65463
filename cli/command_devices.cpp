// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "driver/devices/devices.h"
#include "driver/usb/udev_rules.h"
#include "evidence/json_text.h"

namespace lightseed::cli {
namespace {

void show_rules(const Context& context) {
  const std::string rules = udev_rules(device_kinds());
  if (context.json()) {
    context.print_json("udev-rules", {{"udev_rules", rules}});
  } else {
    context.out() << rules;
  }
}

std::string value_words(const Json& value) {
  if (value.is_string()) return printable(value.get<std::string>());
  if (!value.is_array()) return json_text(value);
  std::string lines;
  for (const Json& element : value)
    lines += (lines.empty() ? "" : "\n") + value_words(element);
  return lines;
}

/// All a source says of itself, which is a record: as JSON with --json, the same members as lines without.
void show_source(const Context& context, const std::string& uri) {
  const auto source = context.sources.open(uri);
  const Json info = to_json(source->info());
  if (context.json()) {
    Json whole{{"source", info}};
    // What a model says of itself, where a person looks for it; the claim's details are the same record.
    const Json& details = source->info().claim.details;
    if (details.contains("average_conditional")) whole["analytic"] = details;
    context.print_json("source", whole);
    return;
  }
  for (const auto& [name, value] : info.items()) {
    if (!value.is_object()) {
      context.out() << fmt::format("{:<20} {}\n", name, wrapped(value_words(value), 80, 21));
      continue;
    }
    context.out() << name << ":\n";
    for (const auto& [inner, content] : value.items())
      context.out() << fmt::format("  {:<18} {}\n", inner, wrapped(value_words(content), 80, 21));
  }
}

void list_sources(const Context& context) {
  const auto listings = context.sources.list();
  if (context.json()) {
    Json devices = Json::array();
    for (const Listing& listing : listings)
      devices.push_back({{"uri", listing.uri}, {"description", listing.description}, {"state", listing.state}});
    Json kinds = Json::array();
    for (const SourceDriver& driver : context.sources.drivers())
      kinds.push_back({{"name", driver.name}, {"summary", driver.summary}});
    context.print_json("devices", {{"devices", devices}, {"kinds", kinds}});
    return;
  }
  context.out() << "Here now:\n";
  for (const Listing& listing : listings) {
    context.out() << fmt::format("  {:<24} {:<10} {}\n", printable(listing.uri), printable(listing.state),
                                 printable(listing.description));
  }
  context.out() << "Kinds of sources:\n";
  for (const SourceDriver& driver : context.sources.drivers())
    context.out() << fmt::format("  {:<18} {}\n", driver.name, wrapped(driver.summary, 80, 21));
}

int run(const Context& context) {
  if (context.has("udev-rules")) {
    show_rules(context);
  } else if (context.has("info")) {
    show_source(context, context.text("info"));
  } else {
    list_sources(context);
  }
  return 0;
}

}  // namespace

Command devices_command() {
  return {
      .name = "devices",
      .group = "Sources",
      .summary = "list the sources that are here, and the kinds there are",
      .description =
          "Lists without opening anything; a device that cannot be opened now says why and what to do. --info opens "
          "one source and prints all it says of itself. --udev-rules prints the rules file that gives the person at "
          "the seat access to the devices this build knows.",
      .examples = {"lightseed devices", "lightseed devices --info usb:quantis --json",
                   "lightseed devices --udev-rules > 60-lightseed.rules"},
      .options = {{.name = "info", .value = "URI", .text = "open this source and describe it"},
                  {.name = "udev-rules", .text = "print the udev rules of all known devices"}},
      .run = run};
}

}  // namespace lightseed::cli
