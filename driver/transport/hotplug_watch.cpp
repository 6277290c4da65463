// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/hotplug_watch.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>

namespace lightseed {
namespace {

using namespace std::chrono_literals;

/// lib/kobject_uevent.c sends to group 1, udev passes on to group 2 once it has set the node's permissions.
constexpr unsigned kernel_and_udev = 1U | 2U;

}  // namespace

HotplugWatch::HotplugWatch() noexcept
    : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT)) {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = kernel_and_udev;
  if (socket_ >= 0 && ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

HotplugWatch::~HotplugWatch() {
  if (socket_ >= 0) ::close(socket_);
}

void HotplugWatch::wait(const Patience& patience) noexcept {
  const auto until = patience.within(250ms).deadline;
  std::array<std::byte, 8192> message;
  while (!patience.stopped() && SteadyClock::now() < until) {
    // Short slices, so that a stop request is heard; poll() ignores a negative descriptor.
    pollfd event{socket_, POLLIN, 0};
    if (::poll(&event, 1, 20) <= 0) continue;
    bool heard = false;
    while (::recv(socket_, message.data(), message.size(), 0) > 0)
      heard = true;
    if (heard) return;
  }
}

}  // namespace lightseed
