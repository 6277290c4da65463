// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "driver/transport/hardware_proof.h"

namespace lightseed {
namespace {

/// Documentation/admin-guide/devices.txt.
constexpr unsigned usb_major = 189, old_pty_major = 3, first_pty_major = 128, last_pty_major = 143;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

bool is_sysfs(int fd) {
  struct statfs system {};
  return ::fstatfs(fd, &system) == 0 && system.f_type == SYSFS_MAGIC;
}

/// Opens `path` below `root` without leaving its mount: nothing that somebody has mounted over /sys is looked at.
Descriptor open_below(const Descriptor& root, const std::string& path, std::uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS;
  return Descriptor(static_cast<int>(::syscall(SYS_openat2, root.get(), path.c_str(), &how, sizeof how)));
}

std::string attribute(const Descriptor& root, const std::string& path) {
  const Descriptor file = open_below(root, path, O_RDONLY);
  std::array<char, 64> text{};
  const ssize_t size = file ? ::read(file.get(), text.data(), text.size()) : 0;
  std::string line(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  line.resize(std::min(line.find('\n'), line.size()));
  return line;
}

HardwareProof unproved(std::string words) {
  return {.proved = false, .words = std::move(words), .usb_path = {}};
}

std::vector<std::string_view> components_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    if (slash > 0 && path.substr(0, slash) != "..") parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

/// Part of a name that no device of a real bus has on its way up.
std::optional<std::string_view> unreal(std::string_view component) {
  constexpr std::array<std::string_view, 13> parts{"virtual", "vhci_hcd", "dummy_hcd", "dummy_udc", "gadget",
                                                   "usbip",   "virtio",   "vmbus",     "VMBUS",     "xen",
                                                   "vusb",    "faux",     "cuse"};
  const auto found = std::find_if(parts.begin(), parts.end(), [&](std::string_view part) {
    return component.find(part) != std::string_view::npos;
  });
  return found == parts.end() ? std::nullopt : std::optional(*found);
}

/// "usb1": a root hub. Below it stand the devices, "1-1.2", and their interfaces, "1-1.2:1.0".
bool is_root_hub(std::string_view component) {
  return component.size() > 3 && component.starts_with("usb") &&
         component.find_first_not_of("0123456789", 3) == std::string_view::npos;
}

bool is_usb_device(std::string_view component) {
  return !component.empty() && component.find('-') != std::string_view::npos &&
         component.find_first_not_of("0123456789-.") == std::string_view::npos;
}

}  // namespace

bool is_console_number(unsigned major, unsigned minor) noexcept {
  return (major == 5 && minor <= 3) || (major == 4 && minor < 64);
}

HardwareProof judge_place(std::string_view place) {
  const auto parts = components_of(place);
  if (parts.size() < 3 || parts[0] != "devices") return unproved(fmt::format("'{}' is no place of a device", place));
  const std::string_view bus = parts[1];
  for (const std::string_view part : parts) {
    if (const auto word = unreal(part)) return unproved(fmt::format("{} ({}) is no device on a real bus", part, *word));
  }
  if (!bus.starts_with("pci") && !bus.starts_with("pnp") && !bus.starts_with("soc") && bus != "platform") {
    return unproved(fmt::format("{} is no bus of a machine that is known here", bus));
  }
  const auto hub = std::find_if(parts.begin(), parts.end(), is_root_hub);
  if (hub == parts.end()) {
    // No USB: a serial port of the machine itself, and nothing else.
    const bool port = parts[parts.size() - 2] == "tty";
    return port ? HardwareProof{true, fmt::format("serial port {} of the machine", parts.back()), {}}
                : unproved(fmt::format("{} is neither a USB device nor a serial port", parts.back()));
  }
  const std::string_view controller = *(hub - 1);
  std::string_view device;
  for (auto part = hub + 1; part != parts.end() && is_usb_device(*part); ++part)
    device = *part;
  if (device.empty()) return unproved(fmt::format("{} is a root hub", *hub));
  return {true, fmt::format("USB device {} below the host controller {}", device, controller), std::string(device)};
}

HardwareProof proof_by_sysfs(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISCHR(status.st_mode)) return unproved("it is no character device");
  const unsigned major_number = major(status.st_rdev), minor_number = minor(status.st_rdev);
  if (is_console_number(major_number, minor_number)) return unproved("it is a console or the terminal of a process");
  if (major_number == old_pty_major || (major_number >= first_pty_major && major_number <= last_pty_major)) {
    return unproved("it is a pseudo-terminal: a program is behind it");
  }
  if (major_number != usb_major) {
    // /dev/tty and its like open another device than their own; a device made by a program may answer with any number.
    unsigned real = 0;
    if (::ioctl(fd, TIOCGDEV, &real) != 0) return unproved("it is neither a USB device nor a serial port");
    // include/linux/kdev_t.h, new_encode_dev().
    const unsigned real_major = (real & 0xFFF00U) >> 8U, real_minor = (real & 0xFFU) | (real >> 12U & 0xFFF00U);
    if (real_major != major_number || real_minor != minor_number) {
      return unproved(fmt::format("its node is {}:{}, and it says it is {}:{}", major_number, minor_number, real_major,
                                  real_minor));
    }
  }
  const Descriptor sys(::open("/sys", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!sys || !is_sysfs(sys.get())) return unproved("/sys is not sysfs");
  const std::string entry = fmt::format("dev/char/{}:{}", major_number, minor_number);
  const Descriptor link = open_below(sys, entry, O_PATH | O_NOFOLLOW);
  std::array<char, 1024> place{};
  const ssize_t size = link ? ::readlinkat(link.get(), "", place.data(), place.size()) : -1;
  if (size <= 0 || static_cast<std::size_t>(size) == place.size()) {
    return unproved(fmt::format("/sys/{} cannot be followed: no such device, or something is mounted over it", entry));
  }
  const Descriptor directory = open_below(sys, entry, O_PATH | O_DIRECTORY);
  if (!directory || !is_sysfs(directory.get()) ||
      attribute(sys, entry + "/dev") != fmt::format("{}:{}", major_number, minor_number)) {
    return unproved(fmt::format("/sys/{} is not this device", entry));
  }
  return judge_place(std::string_view(place.data(), static_cast<std::size_t>(size)));
}

}  // namespace lightseed
