// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "cli/exit_code.h"
#include "driver/transport/serial_port.h"
#include "tests/driver/in_child.h"
#include "tests/driver/usb_bench_a.h"
#include "tests/emulated/quantis/emulated_quantis.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;
using Catch::Contains;

namespace {

/// What an error says, with its exit code in front.
std::string said_by(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return fmt::format("{}: {}", cli::exit_code(error.category()), error.what());
  }
  return "nothing";
}

/// A child process that holds a file open until the test is over.
class Holder {
 public:
  explicit Holder(const std::string& path) : fd_(::open(path.c_str(), O_RDWR | O_NOCTTY)), child_(::fork()) {
    if (child_ == 0) {
      ::pause();
      ::_exit(0);
    }
    // The child has it now; ours would not count.
    ::close(fd_);
  }
  ~Holder() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  [[nodiscard]] std::string name() const { return fmt::format("test_driver (pid {})", child_); }

 private:
  int fd_;
  pid_t child_;
};

/// A serial port at which nobody answers. Without a thread: a child of ours would keep a lock for ever that another
/// thread held when it was made.
class SilentTerminal {
 public:
  SilentTerminal() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    std::array<char, 128> name{};
    REQUIRE((master_ >= 0 && ::grantpt(master_) == 0 && ::unlockpt(master_) == 0 &&
             ::ptsname_r(master_, name.data(), name.size()) == 0));
    path_ = name.data();
  }
  ~SilentTerminal() { ::close(master_); }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  int master_;
  std::string path_;
};

}  // namespace

TEST_CASE("Without permission for a USB node, the rule to install is named") {
  const test::Scratch scratch;
  ::chmod(scratch.path().c_str(), 0755);
  const std::string node = scratch / "node";
  std::ofstream(node) << "a node";
  ::chmod(node.c_str(), 0);
  const std::string said = as_nobody([&] { return said_by([&] { (void)UsbDevice::open_node(node, patient()); }); });
  CHECK(said == fmt::format("3: no permission to open {}; install Lightseed's udev rules "
                            "as /etc/udev/rules.d/60-lightseed.rules and plug the device in again",
                            node));
}

TEST_CASE("Without permission for a serial port, the rule is named, and the port's own group where that helps") {
  const SilentTerminal pty;
  const bool root = ::getuid() == 0;
  const auto said = [&](gid_t group, mode_t mode) {
    if (root) REQUIRE(::chown(pty.path().c_str(), 0, group) == 0);
    REQUIRE(::chmod(pty.path().c_str(), mode) == 0);
    return as_nobody([&] { return said_by([&] { (void)SerialPort::open(pty.path(), 115200); }); });
  };
  const std::string plain = fmt::format("3: no permission to open {}; install Lightseed's udev rules", pty.path());
  const gid_t tty = ::getgrnam("tty")->gr_gid;
  CHECK(said(tty, 0060) == plain + ", or join the group tty");
  CHECK(said(tty, 0000) == plain);
  CHECK(said(tty, 0040) == plain);
  if (!root) return;  // others cannot give a port away
  CHECK(said(61'234, 0060) == plain);
  CHECK(said(0, 0060) == plain);
}

TEST_CASE("Who holds a node is found by its open descriptors, and ourselves we do not count") {
  const test::Scratch scratch;
  const std::string node = scratch / "node";
  std::ofstream file(node);
  CHECK(holders_of(node).empty());
  const Holder first(node);
  CHECK(holders_of(node) == first.name());
  const Holder second(node);
  CHECK_THAT(holders_of(node), Contains(first.name()) && Contains(second.name()) && Contains(", "));
}

TEST_CASE("A USB device somebody else has claimed is busy, and he is named") {
  const test::Scratch scratch;
  const std::string node = scratch / "node";
  std::ofstream(node) << "a node";
  FakeUsbfs fake(std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{}));
  fake.set_manners({.claim_is_busy = true});
  const auto device = UsbDevice::from_fd(fake.open_fd(), node, patient());
  CHECK(said_by([&] { device->claim(0); }) ==
        fmt::format("3: {} is in use by another program; end that program and try again", node));
  const Holder holder(node);
  CHECK(said_by([&] { device->claim(0); }) ==
        fmt::format("3: {} is in use by {}; end that program and try again", node, holder.name()));
}

TEST_CASE("A serial port somebody else has open is busy, and he is named") {
  const SilentTerminal pty;
  ::chmod(pty.path().c_str(), 0666);
  // Exclusive use does not keep root out: the holder and the one who is refused are both nobody.
  const std::string said = as_nobody([&] {
    const auto port = SerialPort::open(pty.path(), 115200);
    const std::string self = fmt::format("test_driver (pid {})", ::getpid());
    const std::string refused = as_nobody([&] { return said_by([&] { (void)SerialPort::open(pty.path(), 115200); }); });
    return refused == fmt::format("3: {} is in use by {}; end that program and try again", pty.path(), self)
               ? "as expected"
               : refused;
  });
  CHECK(said == "as expected");
}
