// SPDX-License-Identifier: Apache-2.0
#include "driver/usb/udev_rules.h"

#include <fmt/format.h>
#include <grp.h>

namespace lightseed {
namespace {

/// A glob that matches texts with `part` in them; udev's own characters in `part` lose their meaning.
std::string escaped(const std::string& part) {
  std::string text;
  for (const char c : part) {
    if (c == '*' || c == '?' || c == '[' || c == '|' || c == '\\') {
      text += fmt::format("[{}]", c);
    } else {
      text += c;
    }
  }
  return text;
}

std::string conditions(const UsbMatch& match) {
  std::string text =
      fmt::format(R"(ATTRS{{idVendor}}=="{:04x}", ATTRS{{idProduct}}=="{:04x}")", match.vendor, match.product);
  if (!match.product_contains.empty()) {
    text += fmt::format(R"(, ATTRS{{product}}=="*{}*")", escaped(match.product_contains));
  }
  if (!match.serial_prefix.empty()) text += fmt::format(R"(, ATTRS{{serial}}=="{}*")", escaped(match.serial_prefix));
  return text;
}

}  // namespace

std::string udev_group(const std::function<bool(const std::string&)>& exists) {
  for (const char* name : {"plugdev", "uucp", "dialout"})
    if (exists(name)) return name;
  return {};
}

std::string udev_group() {
  return udev_group([](const std::string& name) { return ::getgrnam(name.c_str()) != nullptr; });
}

std::string udev_rules(const std::vector<DeviceKind>& kinds, const std::string& group) {
  const std::string owner = group.empty() ? "" : fmt::format("GROUP=\"{}\", ", group);
  // ACTION!="remove", not =="add": since Linux 4.12 a "bind" event follows and would undo what "add" has set.
  std::string text =
      "# Written by Lightseed from the devices it knows. Save as /etc/udev/rules.d/60-lightseed.rules, then\n"
      "#   udevadm control --reload && udevadm trigger\n"
      "ACTION==\"remove\", GOTO=\"lightseed_end\"\n"
      "SUBSYSTEM!=\"usb\", SUBSYSTEM!=\"tty\", GOTO=\"lightseed_end\"\n";
  for (const DeviceKind& kind : kinds) {
    if (kind.matches.empty()) continue;
    text += fmt::format("\n# {}\n", kind.label);
    for (const UsbMatch& match : kind.matches) {
      text += fmt::format(
          "SUBSYSTEM==\"usb\", ENV{{DEVTYPE}}==\"usb_device\", {}, {}MODE=\"0660\", "
          "TAG+=\"uaccess\", ENV{{ID_MM_DEVICE_IGNORE}}=\"1\"\n",
          conditions(match), owner);
      if (!kind.is_serial()) continue;
      text += fmt::format(
          "SUBSYSTEM==\"tty\", {}, {}MODE=\"0660\", TAG+=\"uaccess\", "
          "ENV{{ID_MM_DEVICE_IGNORE}}=\"1\", ENV{{ID_MM_PORT_IGNORE}}=\"1\"\n",
          conditions(match), owner);
    }
  }
  return text + "\nLABEL=\"lightseed_end\"\n";
}

}  // namespace lightseed
