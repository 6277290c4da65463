// SPDX-License-Identifier: Apache-2.0
#include "driver/registry.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"
#include "driver/nearest.h"

namespace lightseed {

void SourceRegistry::add(SourceDriver driver) {
  drivers_.push_back(std::move(driver));
}

std::vector<Listing> SourceRegistry::list() const {
  std::vector<Listing> found;
  for (const SourceDriver& driver : drivers_) {
    for (Listing& listing : driver.list())
      found.push_back(std::move(listing));
  }
  return found;
}

std::unique_ptr<Source> SourceRegistry::open(std::string_view text) const {
  SourceUri uri = SourceUri::parse(text);
  const std::string exact = uri.scheme() + ":" + uri.path();
  // "usb:quantis" also opens "usb:quantis/SERIAL".
  const std::string stem = exact.substr(0, exact.find('/'));
  const std::string scheme = uri.scheme() + ":";
  std::string known;
  std::vector<std::string> names;
  for (const SourceDriver& driver : drivers_) {
    if (driver.name == exact || driver.name == stem || driver.name == scheme) return driver.open(std::move(uri));
    known += (known.empty() ? "" : ", ") + driver.name;
    names.push_back(driver.name);
  }
  const std::string near = nearest(exact, names);
  throw Error(Category::usage, fmt::format("source '{}' is not known{}; known are {}", text,
                                           near.empty() ? "" : fmt::format("; did you mean {}?", near), known));
}

}  // namespace lightseed
