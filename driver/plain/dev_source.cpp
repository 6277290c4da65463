// SPDX-License-Identifier: Apache-2.0
#include "driver/plain/dev_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "core/wait.h"
#include "driver/plain/stated_format.h"
#include "driver/transport/usb_device.h"

namespace lightseed {
namespace {

using namespace std::chrono_literals;

constexpr unsigned memory_major = 1, random_minor = 8, urandom_minor = 9, misc_major = 10, hwrng_minor = 183;

/// Which of its generators the kernel reads for /dev/hwrng; empty where it does not say.
std::string hwrng_in_use() {
  std::ifstream file("/sys/class/misc/hw_random/rng_current");
  std::string name;
  std::getline(file, name);
  return name;
}

class DevSource final : public Source {
 public:
  explicit DevSource(SourceUri uri) : path_(uri.path()) {
    info_.uri = uri.text();
    info_.driver = "dev:";
    info_.model = "character device of the kernel";
    info_.provenance = Provenance::recorded;
    take_stated_samples(uri, info_);
    open();
  }

  ~DevSource() override { stop(); }
  DevSource(const DevSource&) = delete;
  DevSource& operator=(const DevSource&) = delete;

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }

  void start(const Patience&) override {
    stop();
    open();
  }

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (fd_ < 0) return {0, ReadState::fault, "not started"};
    const std::size_t container = info_.format.container_bits == 16 ? 2 : 1;
    std::size_t got = 0;
    if (odd_ && !out.empty()) out[got++] = *std::exchange(odd_, std::nullopt);
    Read result;
    while (got < out.size()) {
      const ssize_t part = ::read(fd_, out.data() + got, out.size() - got);
      if (part > 0) {
        got += static_cast<std::size_t>(part);
        continue;
      }
      if (part < 0 && errno != EAGAIN && errno != EINTR) {
        return {0, ReadState::disconnected, system_error("read", path_, errno).what()};
      }
      if (part == 0) {
        result = {0, ReadState::end_of_data, path_ + ": it has no more"};
        break;
      }
      if (patience.stopped() || patience.expired()) {
        result = patience.stopped()
                     ? Read{0, ReadState::stopped, "asked to stop"}
                     : Read{0, ReadState::timeout, path_ + ": fewer bytes than asked before the deadline"};
        break;
      }
      // Not every node can be waited for: /dev/hwrng always says that it is ready.
      pause(patience.within(5ms));
    }
    if (got % container != 0) odd_ = out[--got];
    result.bytes = got;
    return result;
  }

  void stop() noexcept override {
    odd_.reset();
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  std::string path_;
  SourceInfo info_;
  int fd_ = -1;
  std::optional<std::byte> odd_;  ///< half a sample, kept for the next read

  void open() {
    fd_ = ::open(path_.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd_ < 0) {
      throw Error(Category::device, fmt::format("cannot open {}: {}", path_, std::generic_category().message(errno)));
    }
    // Of what was opened, not of the path.
    struct stat status {};
    const bool device = ::fstat(fd_, &status) == 0 && S_ISCHR(status.st_mode);
    const bool terminal = ::isatty(fd_) == 1;
    const unsigned number = major(status.st_rdev), minor_number = minor(status.st_rdev);
    const bool memory = number == memory_major && minor_number != random_minor && minor_number != urandom_minor;
    if (device && !terminal && !memory) {
      info_.parameters["node"] = fmt::format("{}:{}", number, minor_number);
      if (number == misc_major && minor_number == hwrng_minor) info_.parameters["generator"] = hwrng_in_use();
      return;
    }
    stop();
    throw Error(Category::usage, !device ? fmt::format("{0} is no character device; a file is read as file:{0}", path_)
                                 : terminal ? fmt::format("{0} is a terminal; a serial port is read as tty:{0}", path_)
                                            : fmt::format("{} gives constants or memory, not noise", path_));
  }
};

std::vector<Listing> list() {
  const std::string hwrng = "/dev/hwrng";
  if (::access(hwrng.c_str(), F_OK) != 0) return {};
  const std::string name = hwrng_in_use();
  return {{"dev:" + hwrng, fmt::format("the kernel's hardware generator{}{}", name.empty() ? "" : ": ", name),
           node_state(hwrng, R_OK)}};
}

}  // namespace

SourceDriver dev_driver() {
  return {.name = "dev:",
          .summary = "a character device: dev:/dev/hwrng?entropy=4",
          .list = list,
          .open = [](SourceUri uri) -> std::unique_ptr<Source> { return std::make_unique<DevSource>(std::move(uri)); }};
}

}  // namespace lightseed
