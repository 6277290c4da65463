// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/pty_device.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace lightseed::emulated {

PtyDevice::PtyDevice(SerialModel& model) : model_(model) {
  master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  std::array<char, 128> name{};
  if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
      ::ptsname_r(master_, name.data(), name.size()) != 0) {
    throw std::runtime_error("no pseudo-terminal");
  }
  path_ = name.data();
  // Held open, so that the master does not hang up while the host has closed its side.
  slave_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  termios settings{};
  ::tcgetattr(slave_, &settings);
  ::cfmakeraw(&settings);
  ::tcsetattr(slave_, TCSANOW, &settings);
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

PtyDevice::~PtyDevice() {
  unplug();
}

unsigned PtyDevice::speed() const {
  termios settings{};
  ::tcgetattr(slave_, &settings);
  return ::cfgetospeed(&settings);
}

void PtyDevice::unplug() {
  worker_.request_stop();
  if (worker_.joinable()) worker_.join();
  if (slave_ >= 0) ::close(std::exchange(slave_, -1));
  if (master_ >= 0) ::close(std::exchange(master_, -1));
}

void PtyDevice::work(const std::stop_token& stop) {
  Bytes out;
  std::array<std::byte, 4096> in;
  while (!stop.stop_requested()) {
    pollfd event{master_, static_cast<short>(out.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    ::poll(&event, 1, out.empty() ? 1 : 20);
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if ((event.revents & POLLIN) != 0) {
      const ssize_t got = ::read(master_, in.data(), in.size());
      if (got > 0) model_.receive(std::span(in).first(static_cast<std::size_t>(got)), now);
    }
    while (out.size() < 4096) {
      const Bytes more = model_.send(4096 - out.size(), now);
      if (more.empty()) break;
      out.insert(out.end(), more.begin(), more.end());
    }
    if (!out.empty()) {
      const ssize_t put = ::write(master_, out.data(), out.size());
      if (put > 0) out.erase(out.begin(), out.begin() + put);
    }
  }
}

}  // namespace lightseed::emulated
