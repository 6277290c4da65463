// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/usb_context.h"

#include <fmt/format.h>
#include <libusb.h>

#include <chrono>
#include <mutex>

#include "core/error.h"

namespace lightseed {
namespace {

int open_context(libusb_context** context) {
#if LIBUSB_API_VERSION >= 0x0100010A
  libusb_init_option option{};
  option.option = LIBUSB_OPTION_NO_DEVICE_DISCOVERY;
  return libusb_init_context(context, &option, 1);
#else
  // Before 1.0.27 the option can only be set as the default of contexts made later.
  if (const int error = libusb_set_option(nullptr, LIBUSB_OPTION_NO_DEVICE_DISCOVERY); error != 0) return error;
  return libusb_init(context);
#endif
}

void handle_events(const std::stop_token& stop, libusb_context* context) {
  while (!stop.stop_requested()) {
    timeval minute{60, 0};
    const int error = libusb_handle_events_timeout_completed(context, &minute, nullptr);
    // An error here is the poll's own; without a pause it would repeat at full speed.
    if (error != 0 && error != LIBUSB_ERROR_INTERRUPTED) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace

std::shared_ptr<UsbContext> UsbContext::shared() {
  static std::mutex mutex;
  static std::weak_ptr<UsbContext> current;
  const std::lock_guard lock(mutex);
  if (auto context = current.lock()) return context;
  std::shared_ptr<UsbContext> context(new UsbContext);
  current = context;
  return context;
}

UsbContext::UsbContext() {
  if (const int error = open_context(&context_); error != 0) {
    throw Error(Category::device, fmt::format("libusb does not start: {}", libusb_strerror(error)));
  }
  events_ = std::jthread([context = context_](const std::stop_token& stop) { handle_events(stop, context); });
}

UsbContext::~UsbContext() {
  events_.request_stop();
  libusb_interrupt_event_handler(context_);
  events_.join();
  libusb_exit(context_);
}

}  // namespace lightseed
