// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/usb_device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libusb.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "core/wait.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

struct FreeTransfer {
  void operator()(libusb_transfer* transfer) const noexcept { libusb_free_transfer(transfer); }
};
using Transfer = std::unique_ptr<libusb_transfer, FreeTransfer>;

Transfer new_transfer() {
  Transfer transfer(libusb_alloc_transfer(0));
  if (!transfer) throw std::bad_alloc();
  return transfer;
}

/// Where a synchronous caller waits for the event thread.
struct Waiter {
  std::mutex mutex;
  std::condition_variable_any changed;
  bool done = false;

  static void LIBUSB_CALL on_done(libusb_transfer* transfer) {
    auto& waiter = *static_cast<Waiter*>(transfer->user_data);
    const std::lock_guard lock(waiter.mutex);
    waiter.done = true;
    waiter.changed.notify_all();
  }
};

}  // namespace

UsbDescription::Endpoint UsbDescription::bulk_in() const {
  for (const Endpoint& endpoint : endpoints)
    if (endpoint.is_in()) return endpoint;
  throw DeviceFault(Kind::protocol, "its descriptors name no bulk endpoint to read from");
}

UsbDescription::Endpoint UsbDescription::bulk_out() const {
  for (const Endpoint& endpoint : endpoints)
    if (!endpoint.is_in()) return endpoint;
  throw DeviceFault(Kind::protocol, "its descriptors name no bulk endpoint to write to");
}

DeviceFault usb_fault(int error, const std::string& what) {
  const Kind kind = error == LIBUSB_ERROR_NO_DEVICE || error == LIBUSB_ERROR_NOT_FOUND ? Kind::gone
                    : error == LIBUSB_ERROR_PIPE                                       ? Kind::stall
                    : error == LIBUSB_ERROR_TIMEOUT                                    ? Kind::silence
                    : error == LIBUSB_ERROR_OVERFLOW                                   ? Kind::protocol
                                                                                       : Kind::transient;
  return DeviceFault(kind, fmt::format("{}: {}", what, libusb_strerror(error)));
}

std::string usb_text(std::span<const std::byte> descriptor) {
  if (descriptor.size() < 2 || std::to_integer<unsigned>(descriptor[1]) != LIBUSB_DT_STRING) return {};
  const std::size_t size = std::min(descriptor.size(), std::to_integer<std::size_t>(descriptor[0]));
  std::string text;
  for (std::size_t i = 2; i + 1 < size; i += 2) {
    const unsigned unit = std::to_integer<unsigned>(descriptor[i]) | std::to_integer<unsigned>(descriptor[i + 1]) << 8U;
    if (unit == 0) break;
    text += unit >= 0x20 && unit < 0x7F ? static_cast<char>(unit) : '?';
  }
  while (text.ends_with(' '))
    text.pop_back();
  return text;
}

std::shared_ptr<UsbDevice> UsbDevice::from_fd(int fd, std::string name, const Patience& patience) {
  std::shared_ptr<UsbDevice> device(new UsbDevice(fd, std::move(name)));
  device->context_ = UsbContext::shared();
  if (const int error = libusb_wrap_sys_device(device->context_->get(), fd, &device->handle_); error != 0) {
    throw usb_fault(error, fmt::format("{} cannot be opened", device->name_));
  }
  device->describe(patience);
  return device;
}

std::shared_ptr<UsbDevice> UsbDevice::open_node(const std::string& node, const Patience& patience) {
  const int fd = ::open(node.c_str(), O_RDWR | O_CLOEXEC);
  if (fd >= 0) return from_fd(fd, node, patience);
  const int error = errno;
  if (error == ENOENT || error == ENODEV || error == ENXIO) {
    throw DeviceFault(Kind::gone, fmt::format("{} is not there any more", node));
  }
  if (error == EACCES || error == EPERM) {
    throw Error(Category::device, fmt::format("no permission to open {}; install Lightseed's udev rules as "
                                              "/etc/udev/rules.d/60-lightseed.rules and plug the device in again",
                                              node));
  }
  throw Error(Category::device, fmt::format("cannot open {}: {}", node, std::generic_category().message(error)));
}

UsbDevice::UsbDevice(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

UsbDevice::~UsbDevice() {
  if (handle_ != nullptr) {
    for (const int interface : claimed_)
      libusb_release_interface(handle_, interface);
    libusb_close(handle_);
  }
  ::close(fd_);
}

void UsbDevice::describe(const Patience& patience) {
  libusb_device* device = libusb_get_device(handle_);
  libusb_device_descriptor head{};
  libusb_get_device_descriptor(device, &head);
  description_.vendor = head.idVendor;
  description_.product = head.idProduct;
  description_.release = head.bcdDevice;
  description_.configurations = head.bNumConfigurations;

  libusb_config_descriptor* active = nullptr;
  if (const int error = libusb_get_active_config_descriptor(device, &active); error != 0) {
    throw DeviceFault(error == LIBUSB_ERROR_NO_DEVICE ? Kind::gone : Kind::protocol,
                      fmt::format("{}: its descriptors cannot be read: {}", name_, libusb_strerror(error)));
  }
  const std::unique_ptr<libusb_config_descriptor, decltype(&libusb_free_config_descriptor)> config(
      active, libusb_free_config_descriptor);
  description_.interfaces = config->bNumInterfaces;
  // Where descriptors are cut off, libusb keeps the device's counts and has no array to them.
  if (config->bNumInterfaces > 0 && config->interface != nullptr && config->interface[0].num_altsetting > 0) {
    const libusb_interface_descriptor& setting = config->interface[0].altsetting[0];
    if (setting.bNumEndpoints > 0 && setting.endpoint == nullptr) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: its descriptors are cut short", name_));
    }
    for (unsigned i = 0; i < setting.bNumEndpoints; ++i) {
      const libusb_endpoint_descriptor& endpoint = setting.endpoint[i];
      const std::uint16_t max_packet = endpoint.wMaxPacketSize & 0x7FFU;
      if ((endpoint.bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) == LIBUSB_TRANSFER_TYPE_BULK && max_packet > 0) {
        description_.endpoints.push_back({endpoint.bEndpointAddress, max_packet});
      }
    }
  }

  // Any string may be missing, and a device that stalls one request must still open.
  if (head.iManufacturer == 0 && head.iProduct == 0 && head.iSerialNumber == 0) return;
  try {
    const auto languages = control_in(0x80, LIBUSB_REQUEST_GET_DESCRIPTOR, LIBUSB_DT_STRING << 8, 0, 255, patience);
    if (languages.size() < 4) return;
    const auto language = static_cast<std::uint16_t>(std::to_integer<unsigned>(languages[2]) |
                                                     std::to_integer<unsigned>(languages[3]) << 8U);
    description_.manufacturer_text = text(head.iManufacturer, language, patience);
    description_.product_text = text(head.iProduct, language, patience);
    description_.serial_text = text(head.iSerialNumber, language, patience);
  } catch (const DeviceFault& fault) {
    if (fault.kind() == Kind::gone) throw;
  }
}

std::string UsbDevice::text(std::uint8_t index, std::uint16_t language, const Patience& patience) {
  if (index == 0) return {};
  try {
    const auto value = static_cast<std::uint16_t>(LIBUSB_DT_STRING << 8 | index);
    return usb_text(control_in(0x80, LIBUSB_REQUEST_GET_DESCRIPTOR, value, language, 255, patience));
  } catch (const DeviceFault& fault) {
    if (fault.kind() == Kind::gone) throw;
    return {};
  }
}

void UsbDevice::claim(int interface) {
  // Not supported or not allowed everywhere; where it matters the claim below says so.
  libusb_set_auto_detach_kernel_driver(handle_, 1);
  const int error = libusb_claim_interface(handle_, interface);
  if (error == 0) {
    claimed_.push_back(interface);
    return;
  }
  if (error != LIBUSB_ERROR_BUSY) throw usb_fault(error, fmt::format("{}: claiming interface {}", name_, interface));
  const std::string holders = holders_of(name_);
  throw Error(Category::device, fmt::format("{} is in use{}{}; end that program and try again", name_,
                                            holders.empty() ? " by another program" : " by ", holders));
}

std::size_t UsbDevice::run(libusb_transfer& transfer, const Patience& patience, const std::string& what) {
  Waiter waiter;
  transfer.user_data = &waiter;
  transfer.callback = Waiter::on_done;
  transfer.timeout = 0;
  if (const int error = libusb_submit_transfer(&transfer); error != 0) throw usb_fault(error, what);
  bool cancelled = false;
  {
    std::unique_lock lock(waiter.mutex);
    wait_for(waiter.changed, lock, patience, [&] { return waiter.done; });
    if (!waiter.done) {
      cancelled = true;
      lock.unlock();
      libusb_cancel_transfer(&transfer);
      lock.lock();
      // The kernel gives a cancelled transfer back at once (usb_kill_urb); its memory is in use until then.
      waiter.changed.wait(lock, [&] { return waiter.done; });
    }
  }
  const auto moved = static_cast<std::size_t>(transfer.actual_length);
  switch (transfer.status) {
    case LIBUSB_TRANSFER_COMPLETED: return moved;
    case LIBUSB_TRANSFER_STALL: throw DeviceFault(Kind::stall, fmt::format("{}: refused by the device", what));
    case LIBUSB_TRANSFER_NO_DEVICE: throw DeviceFault(Kind::gone, fmt::format("{}: the device is gone", what));
    case LIBUSB_TRANSFER_OVERFLOW:
      throw DeviceFault(Kind::protocol, fmt::format("{}: the device sent more than was asked", what));
    case LIBUSB_TRANSFER_CANCELLED:
    case LIBUSB_TRANSFER_TIMED_OUT: break;
    case LIBUSB_TRANSFER_ERROR: throw DeviceFault(Kind::transient, fmt::format("{}: the transfer failed", what));
  }
  if (cancelled && patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", what));
  throw DeviceFault(Kind::silence, fmt::format("{}: no answer in time", what));
}

std::vector<std::byte> UsbDevice::control_in(std::uint8_t type, std::uint8_t request, std::uint16_t value,
                                             std::uint16_t index, std::uint16_t length, const Patience& patience) {
  std::vector<unsigned char> packet(LIBUSB_CONTROL_SETUP_SIZE + std::size_t{length});
  libusb_fill_control_setup(packet.data(), type, request, value, index, length);
  const Transfer transfer = new_transfer();
  libusb_fill_control_transfer(transfer.get(), handle_, packet.data(), nullptr, nullptr, 0);
  const std::size_t got =
      run(*transfer, patience.within(1s), fmt::format("{}: control request 0x{:02x}", name_, request));
  const auto answer =
      std::as_bytes(std::span(packet).subspan(LIBUSB_CONTROL_SETUP_SIZE, std::min<std::size_t>(got, length)));
  return {answer.begin(), answer.end()};
}

void UsbDevice::control_out(std::uint8_t type, std::uint8_t request, std::uint16_t value, std::uint16_t index,
                            std::span<const std::byte> data, const Patience& patience) {
  std::vector<unsigned char> packet(LIBUSB_CONTROL_SETUP_SIZE + data.size());
  libusb_fill_control_setup(packet.data(), type, request, value, index, static_cast<std::uint16_t>(data.size()));
  if (!data.empty()) std::memcpy(packet.data() + LIBUSB_CONTROL_SETUP_SIZE, data.data(), data.size());
  const Transfer transfer = new_transfer();
  libusb_fill_control_transfer(transfer.get(), handle_, packet.data(), nullptr, nullptr, 0);
  run(*transfer, patience.within(1s), fmt::format("{}: control request 0x{:02x}", name_, request));
}

void UsbDevice::bulk_out(std::uint8_t endpoint, std::span<const std::byte> data, const Patience& patience) {
  std::vector<std::byte> copy(data.begin(), data.end());
  const Transfer transfer = new_transfer();
  libusb_fill_bulk_transfer(transfer.get(), handle_, endpoint, reinterpret_cast<unsigned char*>(copy.data()),
                            static_cast<int>(copy.size()), nullptr, nullptr, 0);
  const std::string what = fmt::format("{}: writing to endpoint 0x{:02x}", name_, endpoint);
  if (run(*transfer, patience, what) != data.size()) {
    throw DeviceFault(Kind::transient, fmt::format("{}: not all bytes were taken", what));
  }
}

void UsbDevice::clear_halt(std::uint8_t endpoint) {
  if (const int error = libusb_clear_halt(handle_, endpoint); error != 0) {
    throw usb_fault(error, fmt::format("{}: clearing the halt of endpoint 0x{:02x}", name_, endpoint));
  }
}

void UsbDevice::reset() {
  if (const int error = libusb_reset_device(handle_); error != 0) {
    throw usb_fault(error, fmt::format("{}: resetting the port", name_));
  }
}

}  // namespace lightseed
