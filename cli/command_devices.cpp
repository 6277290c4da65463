#include <fmt/format.h>

#include <iostream>

#include "cli/verbs.h"
#include "driver/devices/devices.h"
#include "driver/usb/udev_rules.h"

namespace lightseed::cli {
namespace {

int run(const Context& context) {
  if (context.has("udev-rules")) {
    std::cout << udev_rules(device_kinds());
    return 0;
  }
  if (context.has("info")) {
    const auto source = context.sources.open(context.get<std::string>("info"));
    print_json("source", {{"source", to_json(source->info())}});
    return 0;
  }
  const auto listings = context.sources.list();
  if (context.json()) {
    Json devices = Json::array();
    for (const Listing& listing : listings) {
      devices.push_back({{"uri", listing.uri}, {"description", listing.description}, {"state", listing.state}});
    }
    Json kinds = Json::array();
    for (const SourceDriver& driver : context.sources.drivers()) {
      kinds.push_back({{"name", driver.name}, {"summary", driver.summary}});
    }
    print_json("devices", {{"devices", devices}, {"kinds", kinds}});
    return 0;
  }
  std::cout << "Here now:\n";
  for (const Listing& listing : listings) {
    std::cout << fmt::format("  {:<24} {:<10} {}\n", listing.uri, listing.state, listing.description);
  }
  std::cout << "Kinds of sources:\n";
  for (const SourceDriver& driver : context.sources.drivers()) {
    std::cout << fmt::format("  {:<24} {}\n", driver.name, driver.summary);
  }
  return 0;
}

}  // namespace

Command devices_command() {
  Command command{.name = "devices",
                  .summary = "list the sources that are here, and the kinds this build knows",
                  .description =
                      "Lists without opening anything; a device that cannot be opened now says why and what to do.\n"
                      "--info opens one source and prints all it says of itself, as JSON. --udev-rules prints the\n"
                      "rules file that gives the person at the seat access to the devices this build knows.",
                  .examples = {"lightseed devices", "lightseed devices --info usb:quantis",
                               "lightseed devices --udev-rules > 60-lightseed.rules"},
                  .options = boost::program_options::options_description("Options"),
                  .run = run};
  command.options.add_options()("info", boost::program_options::value<std::string>()->value_name("URI"),
                                "open this source and describe it")("udev-rules",
                                                                    "print the udev rules of all known devices");
  return command;
}

}  // namespace lightseed::cli
