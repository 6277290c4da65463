// SPDX-License-Identifier: Apache-2.0
#include "pipeline/same_source.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "core/error.h"
#include "driver/source_uri.h"

namespace lightseed {
namespace {

/// The file or node that a plain source reads ("file:", "tty:", "dev:"); empty for others, whose names are no paths.
std::string path_of(const SourceInfo& info) try {
  return info.driver.ends_with(':') ? SourceUri::parse(info.uri).path() : std::string();
} catch (const Error&) {
  return {};
}

std::string parameter(const SourceInfo& info, const char* name) {
  const auto found = info.parameters.find(name);
  if (found == info.parameters.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

/// Both paths lead to one file or to one device.
bool same_file(const std::string& a, const std::string& b) {
  struct stat one {
  }, other{};
  if (a.empty() || b.empty() || stat(a.c_str(), &one) != 0 || stat(b.c_str(), &other) != 0) return false;
  if (one.st_dev == other.st_dev && one.st_ino == other.st_ino) return true;
  return S_ISCHR(one.st_mode) && S_ISCHR(other.st_mode) && one.st_rdev == other.st_rdev;
}

std::string usb_node(const SourceInfo& info) {
  const auto usb = info.parameters.find("usb");
  if (usb == info.parameters.end() || !usb->is_object()) return {};
  const auto node = usb->find("node");
  return node == usb->end() || !node->is_string() ? std::string() : node->get<std::string>();
}

}  // namespace

std::optional<std::string> same_source(const SourceInfo& a, const SourceInfo& b) {
  if (a.uri == b.uri) return "the same name";
  if (a.driver == b.driver && !a.serial.empty() && a.serial == b.serial) {
    return fmt::format("both have serial number {}", a.serial);
  }
  if (!usb_node(a).empty() && usb_node(a) == usb_node(b)) return fmt::format("both are USB device {}", usb_node(a));
  const std::string port = parameter(a, "port");
  if (!port.empty() && port == parameter(b, "port")) return fmt::format("both are {}", port);
  if (a.driver == "file:" && b.driver == "file:" && path_of(a) == path_of(b)) {
    return fmt::format("both read {}", path_of(a));
  }
  const std::string seed = parameter(a, "seed");
  if (a.driver == b.driver && !seed.empty() && seed == parameter(b, "seed")) {
    return fmt::format("both have seed {}", seed);
  }
  return std::nullopt;
}

std::optional<std::string> same_opened_source(const SourceInfo& a, const SourceInfo& b) {
  if (auto why = same_source(a, b)) return why;
  if (same_file(parameter(a, "port"), parameter(b, "port"))) return fmt::format("both are {}", parameter(a, "port"));
  if (same_file(path_of(a), path_of(b))) return fmt::format("both read {}", path_of(a));
  return std::nullopt;
}

}  // namespace lightseed
