// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed::cli {

/// An option whose value may also stand in the environment or in a configuration file: what stays the same from call to
/// call. None of them is a secret, and a file that holds one is refused.
struct Setting {
  std::string_view name;  ///< of the option: "signer-key"; the environment's is LIGHTSEED_SIGNER_KEY
  bool is_path = true;    ///< a path, perhaps behind "kek:ID:", "sqlite:" or "file:"
};

/// All of them.
std::span<const Setting> known_settings();

/// A value that counts where its option is not given.
struct SettingInForce {
  std::string name;
  std::string value;
  std::string origin;  ///< "LIGHTSEED_LEDGER", or FILE:LINE
};

struct Settings {
  struct File {
    std::filesystem::path path;
    bool exists = false;
  };
  std::vector<File> files{};             ///< that were looked at, the one that counts most first
  std::vector<SettingInForce> values{};  ///< in the order of known_settings()

  [[nodiscard]] const SettingInForce* find(std::string_view name) const;
};

/// The world settings come from.
struct SettingPlaces {
  std::function<std::optional<std::string>(const std::string&)> variable;  ///< of the environment
  std::filesystem::path system_file = "/etc/lightseed/config";
};

/// This process's.
SettingPlaces places_of_process();

/// Reads what is in force. A variable counts more than a file; the person's file (LIGHTSEED_CONFIG, or
/// $XDG_CONFIG_HOME/lightseed/config, or ~/.config/lightseed/config) more than the system's. LIGHTSEED_CONFIG that is
/// there and empty: no file is read.
///
/// A file has lines NAME = VALUE, empty ones, and remarks behind #. It decides for whom keys are encrypted:
/// Error(device) when others than its reader and root can write it. Error(malformed) naming FILE:LINE for an unknown
/// name, one given twice, a relative path, and whatever looks like a secret; Error(io) when it cannot be read.
Settings read_settings(const SettingPlaces& places);

/// LIGHTSEED_SIGNER_KEY for "signer-key".
std::string variable_of(std::string_view setting);

}  // namespace lightseed::cli
