// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "cli/exit_code.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "driver/devices/devices.h"
#include "driver/usb/udev_rules.h"
#include "evidence/json_text.h"
#include "pipeline/device_check.h"

namespace lightseed::cli {
namespace {

void show_rules(const Context& context) {
  const std::string rules = udev_rules(device_kinds(), udev_group());
  if (context.json()) {
    context.print_json("udev-rules", {{"udev_rules", rules}});
  } else {
    context.out() << rules;
  }
}

constexpr std::size_t value_column = 21, last_column = 80;

/// A value in words: texts are devices' own, and shown as what they are.
std::string value_words(const Json& value) {
  if (value.is_null() || value.empty() || value == "") return "none";
  if (value.is_string()) return printable(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (!value.is_array()) return printable_json(json_text(value));
  std::string lines;
  for (const Json& element : value)
    lines += (lines.empty() ? "" : "\n") + value_words(element);
  return lines;
}

/// The members of a record in lines, those of a record inside it further to the right.
void show_members(std::ostream& out, const Json& record, std::size_t indent = 0) {
  const auto show_inner = [&](const std::string& title, const Json& inner) {
    out << fmt::format("{:{}}{}:\n", "", indent, title);
    show_members(out, inner, indent + 2);
  };
  for (const auto& [key, value] : record.items()) {
    const std::string name = printable(key);
    const bool records = value.is_array() && !value.empty() && value.front().is_object();
    if (value.is_object() && !value.empty()) {
      show_inner(name, value);
    } else if (records) {
      for (std::size_t i = 0; i < value.size(); ++i)
        show_inner(fmt::format("{} {}", name, i + 1), value[i]);
    } else {
      out << fmt::format("{:{}}{:<{}} {}\n", "", indent, name, value_column - 1 - std::min(indent, value_column - 1),
                         wrapped(value_words(value), last_column, value_column));
    }
  }
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
  show_members(context.out(), info);
}

/// What a device says of itself in figures, its counters on the bus left out: those are no readings.
std::string readings_of(const Json& device) {
  std::string readings;
  for (const auto& [name, value] : device.items()) {
    if (value.is_object() && name != "usb") readings += readings_of(value);
    if (value.is_number_float()) readings += fmt::format("; {} {:.6g}", printable(name), value.get<double>());
    if (value.is_number_integer()) readings += fmt::format("; {} {}", printable(name), json_text(value));
  }
  return readings;
}

/// One look at a device: its rate, its readings and one verdict, in a line; the exit code of what is wrong when it is
/// not well.
int check(const Context& context, const std::string& uri) {
  const auto source = context.sources.open(uri);
  const DeviceCheck seen = [&] {
    Progress progress(context.console, "checking");
    const auto show = [&](std::string_view, std::uint64_t samples, std::uint64_t wanted) {
      progress.show(samples, wanted, "samples");
    };
    return check_device(*source, std::chrono::seconds(3), context.stop, {.progress = show});
  }();
  if (context.json()) {
    context.print_json("device-check", {{"source", to_json(seen.info)},
                                        {"samples", seen.samples},
                                        {"seconds", seen.seconds},
                                        {"samples_per_second", seen.samples_per_second},
                                        {"health", seen.gate ? to_json(*seen.gate) : Json::object()},
                                        {"status", seen.status},
                                        {"well", !seen.unwell},
                                        {"verdict", seen.verdict}});
  } else {
    std::string readings;
    if (const auto device = seen.status.find("device"); device != seen.status.end()) readings = readings_of(*device);
    context.out() << fmt::format("{}: {}; {:.0f} samples a second; {}{}\n", printable(seen.info.uri),
                                 printable(seen.verdict), seen.samples_per_second, name_of(seen.info.provenance),
                                 readings);
  }
  return seen.unwell ? exit_code(*seen.unwell) : 0;
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
  const bool rules = std::any_of(listings.begin(), listings.end(), [](const Listing& listing) {
    return listing.state.find("udev rules") != std::string::npos;
  });
  if (rules) context.out() << "`lightseed devices --udev-rules` prints the rules to install.\n";
  context.out() << "Kinds of sources:\n";
  for (const SourceDriver& driver : context.sources.drivers())
    context.out() << fmt::format("  {:<18} {}\n", driver.name, wrapped(driver.summary, 80, 21));
}

int run_devices(const Context& context) {
  if (context.has("info") && context.has("check"))
    throw Error(Category::usage, "--info and --check are two questions: ask one at a time");
  if (context.has("udev-rules")) {
    show_rules(context);
  } else if (context.has("info")) {
    show_source(context, context.text("info"));
  } else if (context.has("check")) {
    return check(context, context.text("check"));
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
          "one source and prints all it says of itself; --check lets one run behind its health gate for three seconds "
          "and says in a line whether it is well. --udev-rules prints the rules file "
          "that gives the person at the seat access to the devices this build knows.",
      .examples = {"lightseed devices", "lightseed devices --info usb:quantis --json",
                   "lightseed devices --check usb:rava", "lightseed devices --udev-rules > 60-lightseed.rules"},
      .options = {{.name = "info", .value = "URI", .text = "open this source and describe it"},
                  {.name = "check",
                   .value = "URI",
                   .text = "run this source for three seconds: rate, readings and one verdict"},
                  {.name = "udev-rules", .text = "print the udev rules of all known devices"}},
      .run = run_devices};
}

}  // namespace lightseed::cli
