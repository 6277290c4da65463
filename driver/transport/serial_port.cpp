// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/serial_port.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "core/error.h"
#include "driver/transport/hardware_proof.h"
#include "driver/transport/usb_device.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;

std::optional<speed_t> speed_of(unsigned baud) {
  constexpr std::pair<unsigned, speed_t> speeds[] = {
      {110, B110},         {300, B300},         {1200, B1200},     {2400, B2400},       {4800, B4800},
      {9600, B9600},       {19200, B19200},     {38400, B38400},   {57600, B57600},     {115200, B115200},
      {230400, B230400},   {460800, B460800},   {921600, B921600}, {1000000, B1000000}, {2000000, B2000000},
      {3000000, B3000000}, {4000000, B4000000},
  };
  for (const auto& [rate, speed] : speeds)
    if (rate == baud) return speed;
  return std::nullopt;
}

/// The group whose members may open a port: dialout on some systems, uucp on others. Empty where there is none.
std::string group_of(const std::string& path) {
  struct stat status {};
  constexpr mode_t both_ways = S_IRGRP | S_IWGRP;
  if (::stat(path.c_str(), &status) != 0 || (status.st_mode & both_ways) != both_ways || status.st_gid == 0) return {};
  group entry{};
  group* found = nullptr;
  std::array<char, 4096> room{};
  if (::getgrgid_r(status.st_gid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return {};
  return found->gr_name;
}

Error cannot_open(const std::string& path, int error) {
  if (error == EACCES || error == EPERM) {
    const std::string group = group_of(path);
    return Error(Category::device, fmt::format("no permission to open {}; install Lightseed's udev rules{}", path,
                                               group.empty() ? "" : ", or join the group " + group));
  }
  if (error == EBUSY) {
    const std::string holders = holders_of(path);
    return Error(Category::device, fmt::format("{} is in use by {}; end that program and try again", path,
                                               holders.empty() ? "another program" : holders));
  }
  return Error(Category::device, fmt::format("cannot open {}: {}", path, std::generic_category().message(error)));
}

/// Throws Error(usage) for what is a tty and nobody's serial port. Asked before anything is changed: TIOCEXCL on
/// /dev/tty would lock the user out of his own terminal.
void refuse_console(const std::string& path, int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISCHR(status.st_mode)) return;
  if (!is_console_number(major(status.st_rdev), minor(status.st_rdev))) return;
  throw Error(Category::usage, fmt::format("{} is a console or the terminal of this process, not a serial port", path));
}

}  // namespace

std::unique_ptr<SerialPort> SerialPort::open(const std::string& path, unsigned baud) {
  const auto speed = speed_of(baud);
  if (!speed) throw Error(Category::usage, fmt::format("{}: {} is no baud rate of this system", path, baud));
  const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENODEV || errno == ENXIO || errno == EIO) {
      throw DeviceFault(Kind::gone, fmt::format("{} is not there", path));
    }
    throw cannot_open(path, errno);
  }
  std::unique_ptr<SerialPort> port(new SerialPort(path, fd));
  refuse_console(path, fd);
  termios settings{};
  if (::tcgetattr(fd, &settings) != 0) {
    struct stat status {};
    const bool device = ::fstat(fd, &status) == 0 && S_ISCHR(status.st_mode);
    throw Error(Category::usage, fmt::format("{0} is not a serial port; a {1} is read as {2}:{0}", path,
                                             device ? "character device" : "file", device ? "dev" : "file"));
  }
  // Before TIOCEXCL, which the other holder's closing would take away again.
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) throw cannot_open(path, errno == EWOULDBLOCK ? EBUSY : errno);
  port->locked_ = true;
  if (::ioctl(fd, TIOCEXCL) != 0) throw cannot_open(path, errno);
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
  ::cfsetspeed(&settings, *speed);
  if (::tcsetattr(fd, TCSANOW, &settings) != 0) throw cannot_open(path, errno);
  int dtr = TIOCM_DTR;
  ::ioctl(fd, TIOCMBIS, &dtr);  // a pseudo-terminal has none
  // What was queued before we came is nobody's sample.
  ::tcflush(fd, TCIOFLUSH);
  return port;
}

SerialPort::~SerialPort() {
  // Only the holder of the lock: a port that was refused as busy is exclusive for somebody else.
  if (locked_) ::ioctl(fd_, TIOCNXCL);
  ::close(fd_);
}

/// False when the patience ended.
bool SerialPort::wait(short events, const Patience& patience) const {
  while (!patience.stopped()) {
    // Slices, so that a stop request is heard.
    const auto slice = patience.left(std::chrono::milliseconds(20));
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(slice).count();
    pollfd event{fd_, events, 0};
    const int ready = ::poll(&event, 1, static_cast<int>(ms));
    if (ready > 0) return true;
    if (patience.expired()) return false;
  }
  return false;
}

std::size_t SerialPort::read(std::span<std::byte> out, const Patience& patience) {
  while (wait(POLLIN, patience)) {
    const ssize_t got = ::read(fd_, out.data(), out.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    throw DeviceFault(Kind::gone, fmt::format("{}: the port is gone", path_));
  }
  return 0;
}

void SerialPort::write(std::span<const std::byte> data, const Patience& patience) {
  while (!data.empty()) {
    const ssize_t put = ::write(fd_, data.data(), data.size());
    if (put > 0) {
      data = data.subspan(static_cast<std::size_t>(put));
      continue;
    }
    if (put < 0 && errno != EAGAIN && errno != EINTR) {
      throw DeviceFault(Kind::gone, fmt::format("{}: the port is gone", path_));
    }
    if (wait(POLLOUT, patience)) continue;
    if (patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", path_));
    throw DeviceFault(Kind::silence, fmt::format("{}: it takes no bytes", path_));
  }
}

}  // namespace lightseed
