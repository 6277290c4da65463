// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "cli/nearest.h"
#include "cli/printable.h"
#include "core/atomic_file.h"
#include "core/error.h"

namespace lightseed::cli {
namespace {

constexpr std::array all_settings{
    Setting{"source", false},  Setting{"seed-source", false}, Setting{"ledger"},
    Setting{"card-recipient"}, Setting{"network-recipient"},  Setting{"signer"},
    Setting{"signer-key"},     Setting{"second-signer"},      Setting{"second-signer-key"},
    Setting{"trust"},          Setting{"second-trust"},       Setting{"require-signature", false},
    Setting{"recipient-key"},
};

const Setting* setting_named(std::string_view name) {
  const auto found = std::find_if(all_settings.begin(), all_settings.end(),
                                  [&](const Setting& setting) { return setting.name == name; });
  return found == all_settings.end() ? nullptr : &*found;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// Whoever can write the file can have keys encrypted for themselves.
void require_unwritable_by_others(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) throw system_error("open", path.string(), errno);
  const bool foreign = status.st_uid != geteuid() && status.st_uid != 0;
  if (!foreign && (status.st_mode & 022) == 0) return;
  throw Error(
      Category::device,
      fmt::format("the configuration {} can be changed by others, who could have keys encrypted for themselves; "
                  "it must belong to you or to root, and: chmod go-w {}",
                  path.string(), path.string()));
}

/// Where the path begins in "kek:ID:PATH", "sqlite:PATH", "file:PATH" and "PATH".
std::size_t path_begin(std::string_view value) {
  for (const std::string_view scheme : {"sqlite:", "file:"})
    if (value.starts_with(scheme)) return scheme.size();
  if (!value.starts_with("kek:")) return 0;
  const std::size_t colon = value.find(':', 4);
  return colon == std::string_view::npos ? 0 : colon + 1;
}

class FileReader {
 public:
  FileReader(const std::filesystem::path& path, const SettingPlaces& places) : path_(path), places_(places) {}

  std::vector<SettingInForce> read() {
    constexpr std::size_t largest = std::size_t{1} << 16;
    require_unwritable_by_others(path_);
    const std::string content = read_text_file(path_, largest);
    for (std::string_view rest = content; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      ++line_;
      take(trimmed(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::move(values_);
  }

 private:
  const std::filesystem::path& path_;
  const SettingPlaces& places_;
  std::size_t line_ = 0;
  std::vector<SettingInForce> values_{};

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(Category::malformed, fmt::format("{}:{}: {}", path_.string(), line_, why));
  }

  void take(std::string_view line) {
    if (line.empty() || line.starts_with('#')) return;
    const std::size_t equals = line.find('=');
    // What stands in the line is not repeated: it may be a secret in the wrong place.
    if (equals == std::string_view::npos) fail("expected NAME = VALUE");
    const std::string name(trimmed(line.substr(0, equals)));
    std::string value(trimmed(line.substr(equals + 1)));
    if (setting_named(name) == nullptr) refuse_name(name);
    if (value.empty()) fail(fmt::format("{} has no value", name));
    const bool twice =
        std::any_of(values_.begin(), values_.end(), [&](const SettingInForce& other) { return other.name == name; });
    if (twice) fail(fmt::format("{} is given twice", name));
    if (setting_named(name)->is_path) make_whole(name, value);
    values_.push_back({name, value, fmt::format("{}:{}", path_.string(), line_)});
  }

  [[noreturn]] void refuse_name(const std::string& name) const {
    for (const std::string_view secret : {"pass", "pin", "secret", "seed"})
      if (name.find(secret) != std::string::npos)
        fail("secrets have no place in a configuration; name the file that has one when it is needed");
    std::vector<std::string> names;
    names.reserve(std::size(all_settings));
    for (const Setting& setting : all_settings)
      names.emplace_back(setting.name);
    const auto near = nearest(name, names);
    fail(fmt::format(
        "'{}' is no setting; {}", printable(name, 40),
        near ? fmt::format("did you mean {}?", *near) : fmt::format("there are {}", fmt::join(names, ", "))));
  }

  /// A relative path would be another file in every folder.
  void make_whole(const std::string& name, std::string& value) const {
    const std::size_t at = path_begin(value);
    if (value.starts_with("pkcs11:")) {
      if (value.find("pin-value") == std::string::npos) return;
      fail("secrets have no place in a configuration; a PIN stands in a file, named by pin-source");
    }
    const auto home = places_.variable("HOME");
    if (value.compare(at, 2, "~/") == 0 && home) value.replace(at, 1, *home);
    if (value.size() <= at || value[at] != '/') {
      fail(fmt::format("{} needs a whole path, from / or ~/: another one would be another file in every folder", name));
    }
  }
};

std::filesystem::path home_file(const SettingPlaces& places) {
  if (const auto config = places.variable("XDG_CONFIG_HOME"); config && config->starts_with('/'))
    return std::filesystem::path(*config) / "lightseed" / "config";
  if (const auto home = places.variable("HOME"); home && home->starts_with('/'))
    return std::filesystem::path(*home) / ".config" / "lightseed" / "config";
  return {};
}

std::vector<Settings::File> files_of(const SettingPlaces& places) {
  const auto named = places.variable("LIGHTSEED_CONFIG");
  if (named && named->empty()) return {};
  std::vector<Settings::File> files;
  // A file that was named must be there: what counts instead would be somebody else's choice.
  if (named) files.push_back({*named, true});
  std::error_code error;
  const auto add = [&](const std::filesystem::path& path) {
    if (!path.empty()) files.push_back({path, std::filesystem::exists(path, error)});
  };
  if (!named) add(home_file(places));
  add(places.system_file);
  return files;
}

}  // namespace

std::span<const Setting> known_settings() {
  return all_settings;
}

std::string variable_of(std::string_view setting) {
  std::string name = "LIGHTSEED_";
  for (const char c : setting)
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

const SettingInForce* Settings::find(std::string_view name) const {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const SettingInForce& value) { return value.name == name; });
  return found == values.end() ? nullptr : &*found;
}

SettingPlaces places_of_process() {
  return {.variable = [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets variables
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }};
}

Settings read_settings(const SettingPlaces& places) {
  Settings settings{.files = files_of(places)};
  std::vector<std::vector<SettingInForce>> layers(1);
  for (const Setting& setting : all_settings) {
    const std::string variable = variable_of(setting.name);
    // A variable that is empty is one that a script has unset.
    if (const auto value = places.variable(variable); value && !value->empty())
      layers[0].push_back({std::string(setting.name), *value, variable});
  }
  for (const Settings::File& file : settings.files)
    if (file.exists) layers.push_back(FileReader(file.path, places).read());
  for (const Setting& setting : all_settings) {
    for (const auto& layer : layers) {
      const auto found = std::find_if(layer.begin(), layer.end(),
                                      [&](const SettingInForce& value) { return value.name == setting.name; });
      if (found == layer.end()) continue;
      settings.values.push_back(*found);
      break;
    }
  }
  return settings;
}

}  // namespace lightseed::cli
