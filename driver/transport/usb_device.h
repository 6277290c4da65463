// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/patience.h"
#include "driver/transport/device_fault.h"
#include "driver/transport/usb_context.h"

struct libusb_device_handle;
struct libusb_transfer;

namespace lightseed {

/// What a device's descriptors say, checked for sense.
struct UsbDescription {
  struct Endpoint {
    std::uint8_t address = 0;  ///< bit 7 set: to the host
    std::uint16_t max_packet = 0;
    [[nodiscard]] bool is_in() const noexcept { return (address & 0x80U) != 0; }
  };

  std::uint16_t vendor = 0, product = 0, release = 0;
  std::string manufacturer_text, product_text, serial_text;  ///< printable ASCII; empty where the device has none
  unsigned configurations = 0;
  unsigned interfaces = 0;          ///< of the active configuration
  std::vector<Endpoint> endpoints;  ///< bulk ones of interface 0, alternate setting 0

  /// The first bulk endpoint of that direction. Throws DeviceFault(protocol) when there is none.
  [[nodiscard]] Endpoint bulk_in() const;
  [[nodiscard]] Endpoint bulk_out() const;
};

/// One open USB device. Every call that waits obeys its Patience and throws DeviceFault; a stop request ends it
/// with Error(interrupted). Safe to use from several threads.
class UsbDevice {
 public:
  /// Takes over `fd`, an open usbfs node (or what a portal or a test gives for one), and closes it in the end,
  /// also when this throws. `name` is for messages. Throws Error(device), DeviceFault.
  static std::shared_ptr<UsbDevice> from_fd(int fd, std::string name, const Patience& patience);

  /// Opens /dev/bus/usb/BUS/DEVICE. Throws Error(device) that says what to do when permission is missing.
  static std::shared_ptr<UsbDevice> open_node(const std::string& node, const Patience& patience);

  ~UsbDevice();
  UsbDevice(const UsbDevice&) = delete;
  UsbDevice& operator=(const UsbDevice&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const UsbDescription& description() const noexcept { return description_; }

  /// Detaches the kernel's driver (it is given back on close) and claims an interface. Throws Error(device) that
  /// names the holder when somebody else has it.
  void claim(int interface);

  /// Control transfers; `type` is bmRequestType. At most a second, whatever the patience.
  std::vector<std::byte> control_in(std::uint8_t type, std::uint8_t request, std::uint16_t value, std::uint16_t index,
                                    std::uint16_t length, const Patience& patience);
  void control_out(std::uint8_t type, std::uint8_t request, std::uint16_t value, std::uint16_t index,
                   std::span<const std::byte> data, const Patience& patience);

  /// Writes all of `data` to a bulk endpoint.
  void bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, const Patience& patience);

  void clear_halt(std::uint8_t endpoint);

  /// Resets the port. Throws DeviceFault(gone) when the device comes back as another one: enumerate again.
  void reset();

  [[nodiscard]] libusb_device_handle* handle() const noexcept { return handle_; }

  /// The opened node, for prove_hardware().
  [[nodiscard]] int descriptor() const noexcept { return fd_; }

 private:
  UsbDevice(int fd, std::string name);

  std::shared_ptr<UsbContext> context_;
  int fd_ = -1;
  std::string name_;
  libusb_device_handle* handle_ = nullptr;
  std::vector<int> claimed_;
  UsbDescription description_;

  void describe(const Patience& patience);
  std::string text(std::uint8_t index, std::uint16_t language, const Patience& patience);
  std::size_t run(libusb_transfer& transfer, const Patience& patience, const std::string& what);
};

/// Decodes a string descriptor (UTF-16LE) to printable ASCII, other characters as '?'. Hostile bytes are fine.
std::string usb_text(std::span<const std::byte> descriptor);

/// A libusb error code as a fault.
DeviceFault usb_fault(int libusb_error, const std::string& what);

/// Processes other than this one that hold `node` open, as "rngd (pid 812), …"; empty when none can be seen.
std::string holders_of(const std::string& node);

/// "ready", or why this process cannot open `node` now and what to do; `rights` as for access(2).
std::string node_state(const std::string& node, int rights);

}  // namespace lightseed
