// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "driver/source.h"
#include "driver/source_uri.h"

namespace lightseed {

/// One line of `lightseed devices`: something that could be opened. Making the list opens nothing.
struct Listing {
  std::string uri;
  std::string description;
  std::string state = "ready";  ///< "ready", or why it cannot be opened now and what to do
};

/// A kind of source: how to find the ones that are there, and how to open one.
struct SourceDriver {
  std::string name;     ///< "sim:homodyne": scheme and path; "file:": every path of the scheme
  std::string summary;  ///< one line for a person
  std::function<std::vector<Listing>()> list;
  std::function<std::unique_ptr<Source>(SourceUri)> open;
};

/// All sources this build knows. Filled by add_devices() and, where simulation is built in,
/// by simulated::add_models(): an explicit table, so that no linker can drop an entry.
class SourceRegistry {
 public:
  void add(SourceDriver driver);

  [[nodiscard]] const std::vector<SourceDriver>& drivers() const noexcept { return drivers_; }
  [[nodiscard]] std::vector<Listing> list() const;

  /// Opens by URI. Throws Error(usage) for an unknown name, listing the known ones; Error(device) or
  /// Error(io) when it is there but cannot be opened.
  [[nodiscard]] std::unique_ptr<Source> open(std::string_view uri) const;

 private:
  std::vector<SourceDriver> drivers_;
};

/// Recomputes an assessment from its own figures; a sentence for each that does not fit. The room that assesses has it
/// (stats/sp800_90b/assessment_faults.h), and this room may not ask it.
using AssessmentCheck = std::function<std::vector<std::string>(const Json& assessment)>;

/// Adds every source of driver/devices/. New device: one folder there, one line in devices.cpp. Without a check no
/// source takes an assessment for its claim: nobody would have looked whether it is one.
void add_devices(SourceRegistry& registry, const AssessmentCheck& check = {});

}  // namespace lightseed
