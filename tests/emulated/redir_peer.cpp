// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/redir_peer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/emulated/redir_connection.h"

namespace lightseed::emulated {
namespace {

int listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the socket's path is too long: " + path);
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(fd, 1) != 0) {
    const int error = errno;
    if (fd >= 0) ::close(fd);
    throw std::runtime_error("cannot listen at " + path + ": " + std::generic_category().message(error));
  }
  return fd;
}

}  // namespace

RedirPeer::RedirPeer(std::string path)
    : path_(std::move(path)), listener_(listen_at(path_)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  worker_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

RedirPeer::~RedirPeer() {
  worker_.request_stop();
  wake();
  worker_.join();
  connection_.reset();
  ::close(listener_);
  ::close(wake_);
  ::unlink(path_.c_str());
}

void RedirPeer::wake() const {
  ::eventfd_write(wake_, 1);
}

bool RedirPeer::plugged() const {
  const std::lock_guard lock(mutex_);
  return model_ != nullptr;
}

void RedirPeer::plug(std::shared_ptr<UsbModel> model) {
  const std::lock_guard lock(mutex_);
  model_ = std::move(model);
  if (connection_) {
    connection_->unplug();
    connection_->plug(model_);
  }
  wake();
}

void RedirPeer::unplug() {
  const std::lock_guard lock(mutex_);
  model_.reset();
  if (connection_) connection_->unplug();
  wake();
}

void RedirPeer::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    auto retry = Clock::time_point::max();
    if (connection_) {
      retry = connection_->progress(Clock::now());
      if (connection_->device_gone() && model_) {
        model_.reset();
        connection_->unplug();
      }
      if (!connection_->flush()) connection_.reset();
    }
    // One host at a time: the next one waits in the listener's queue.
    std::array<pollfd, 2> events{pollfd{wake_, POLLIN, 0}, pollfd{listener_, POLLIN, 0}};
    if (connection_) {
      events[1] = {connection_->fd(), static_cast<short>(connection_->has_output() ? POLLIN | POLLOUT : POLLIN), 0};
    }
    const auto wait = std::clamp<Clock::duration>(retry - Clock::now(), Clock::duration{}, std::chrono::seconds(1));
    lock.unlock();
    ::poll(events.data(), events.size(), static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count()));
    eventfd_t ignored = 0;
    if (events[0].revents != 0) ::eventfd_read(wake_, &ignored);
    lock.lock();
    if (events[1].revents == 0) continue;
    if (connection_) {
      if (!connection_->receive()) connection_.reset();
    } else if (const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK); fd >= 0) {
      connection_ = std::make_unique<RedirConnection>(fd);
      if (model_) connection_->plug(model_);
    }
  }
}

}  // namespace lightseed::emulated
