// SPDX-License-Identifier: Apache-2.0
#include "tests/hotplug/mock_bus.h"

#include <fmt/format.h>
#include <umockdev.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace lightseed::tests {

MockBus::MockBus() : testbed_(umockdev_testbed_new()) {
  if (umockdev_in_mock_environment() == 0) throw std::runtime_error("run this under umockdev-wrapper");
}

MockBus::~MockBus() {
  plugged_.clear();
  gone_.clear();
  g_object_unref(testbed_);
}

void MockBus::plug(const std::string& place, const Identity& identity, std::shared_ptr<emulated::UsbModel> model) {
  const std::lock_guard lock(mutex_);
  const unsigned address = ++address_;
  const std::string device = "/devices/pci0000:00/0000:00:14.0/usb1/" + place;
  const std::string node = fmt::format("bus/usb/001/{:03}", address);
  std::string text = fmt::format(
      "P: {0}\nN: {1}=00\nE: DEVNAME=/dev/{1}\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\nE: MAJOR=189\nE: MINOR={2}\n"
      "E: BUSNUM=001\nE: DEVNUM={3:03}\nA: busnum=1\\n\nA: devnum={3}\\n\nA: idVendor={4}\\n\nA: idProduct={5}\\n\n"
      "A: product={6}\\n\nA: serial={7}\\n\n\n",
      device, node, address - 1, address, identity.vendor, identity.product, identity.product_text, identity.serial);
  if (!identity.tty.empty()) {
    text += fmt::format(
        "P: {0}/{1}:1.0\nE: SUBSYSTEM=usb\nE: DEVTYPE=usb_interface\nA: bInterfaceNumber=00\\n\n\n"
        "P: {0}/{1}:1.0/tty/{2}\nN: {2}\nE: DEVNAME=/dev/{2}\nE: SUBSYSTEM=tty\nA: dev=166:0\\n\n\n",
        device, place, identity.tty);
  }
  GError* error = nullptr;
  if (umockdev_testbed_add_from_string(testbed_, text.c_str(), &error) == 0) {
    const std::string why = error != nullptr ? error->message : "unknown";
    g_clear_error(&error);
    throw std::runtime_error("umockdev: " + why);
  }
  Plugged plugged{place, "/sys" + device, node, nullptr};
  if (model) {
    const std::string path = real_path(node);
    ::unlink(path.c_str());
    plugged.fake = std::make_shared<emulated::FakeUsbfs>(std::move(model), path);
  }
  umockdev_testbed_uevent(testbed_, plugged.syspath.c_str(), "add");
  plugged_.push_back(std::move(plugged));
}

std::string MockBus::real_path(const std::string& node) const {
  gchar* root = umockdev_testbed_get_root_dir(testbed_);
  std::string path = fmt::format("{}/dev/{}", root, node);
  g_free(root);
  return path;
}

void MockBus::set_node_mode(const std::string& place, unsigned mode) {
  namespace fs = std::filesystem;
  const std::lock_guard lock(mutex_);
  const auto it = std::find_if(plugged_.begin(), plugged_.end(), [&](const Plugged& p) { return p.place == place; });
  const fs::path root = fs::path(real_path("")).parent_path().parent_path();
  fs::permissions(root, fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add);
  fs::permissions(real_path(it->node), static_cast<fs::perms>(mode));
}

void MockBus::unplug(const std::string& place) {
  const std::lock_guard lock(mutex_);
  const auto it = std::find_if(plugged_.begin(), plugged_.end(), [&](const Plugged& p) { return p.place == place; });
  if (it == plugged_.end()) return;
  if (it->fake) it->fake->unplug();
  umockdev_testbed_uevent(testbed_, it->syspath.c_str(), "remove");
  umockdev_testbed_remove_device(testbed_, it->syspath.c_str());
  // Whoever has it open still holds it: keep the last few, as the kernel keeps an open device.
  gone_.push_back(std::move(it->fake));
  if (gone_.size() > 3) gone_.erase(gone_.begin());
  plugged_.erase(it);
}

}  // namespace lightseed::tests
