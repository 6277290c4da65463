// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/serial_port.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <thread>

#include "driver/registry.h"
#include "tests/driver/reading.h"
#include "tests/emulated/pty_device.h"

using namespace lightseed;
using namespace lightseed::tests;
using namespace lightseed::emulated;

namespace {

/// Says back what it hears, or a sequence for ever.
class Echo final : public SerialModel {
 public:
  bool sequence = false;
  void receive(std::span<const std::byte> bytes, Clock::time_point) override {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  Bytes send(std::size_t room, Clock::time_point) override {
    if (sequence) {
      Bytes bytes(room);
      numbers_.fill(bytes);
      return bytes;
    }
    const std::size_t part = std::min(room, out_.size());
    Bytes bytes(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
    return bytes;
  }

 private:
  Bytes out_;
  Sequence numbers_{9};
};

SourceRegistry devices() {
  SourceRegistry devices;
  add_devices(devices);
  return devices;
}

}  // namespace

TEST_CASE("A serial port carries all 256 values both ways") {
  Echo echo;
  PtyDevice pty(echo);
  const auto port = SerialPort::open(pty.path(), 115200);
  Bytes sent;
  for (int i = 0; i < 1024; ++i)
    sent.push_back(static_cast<std::byte>(i));
  port->write(sent, patient());
  Bytes back(sent.size());
  port->read_exactly(back, patient());
  CHECK(back == sent);
}

TEST_CASE("A serial port keeps deadlines and hears a stop") {
  Echo echo;
  PtyDevice pty(echo);
  const auto port = SerialPort::open(pty.path(), 115200);
  Bytes block(16);
  CHECK(port->read(block, Patience{}.within(30ms)) == 0);
  CHECK_THROWS_AS(port->read_exactly(block, Patience{}.within(30ms)), DeviceFault);
  std::stop_source stop;
  std::jthread asker([&] {
    std::this_thread::sleep_for(30ms);
    stop.request_stop();
  });
  Patience patience = patient();
  patience.stop = stop.get_token();
  CHECK(port->read(block, patience) == 0);
  CHECK(category_of([&] { port->read_exactly(block, patience); }) == Category::interrupted);
}

TEST_CASE("A device that never stops talking cannot be drained") {
  Echo echo;
  echo.sequence = true;
  PtyDevice pty(echo);
  const auto port = SerialPort::open(pty.path(), 115200);
  CHECK_THROWS_AS(port->drain(10ms, 10'000, patient()), DeviceFault);
}

TEST_CASE("What is no serial port is refused with a reason") {
  CHECK(category_of([] { (void)SerialPort::open("/dev/null", 115200); }) == Category::usage);
  CHECK(category_of([] { (void)SerialPort::open("/dev/null", 12345); }) == Category::usage);
  CHECK_THROWS_AS(SerialPort::open("/dev/no-such-port", 115200), DeviceFault);
  CHECK(category_of([] { (void)devices().open("tty:/dev/no-such-port"); }) == Category::device);
  CHECK(category_of([] { (void)devices().open("tty:/dev/null?driver=nonsense"); }) == Category::usage);
}

TEST_CASE("A port of another program is busy") {
  Echo echo;
  PtyDevice pty(echo);
  const auto port = SerialPort::open(pty.path(), 115200);
  // TIOCEXCL does not stop root, the lock does.
  try {
    (void)SerialPort::open(pty.path(), 115200);
    FAIL("opened twice");
  } catch (const Error& error) {
    CHECK(error.category() == Category::device);
    CHECK(std::string(error.what()).find("in use") != std::string::npos);
  }
}

TEST_CASE("A plain port's bytes are samples without credit, and a pseudo-terminal is never hardware") {
  Echo echo;
  echo.sequence = true;
  PtyDevice pty(echo);
  const auto source = devices().open("tty:" + pty.path() + "?baud=9600&give_up_ms=100");
  CHECK(source->info().claim.bits_per_sample == 0);
  CHECK(source->info().provenance == Provenance::simulated);
  CHECK(source->info().driver == "tty:");
  source->start(patient());
  CHECK(restarts_in(read_blocks(*source, 20)) == 0);
  pty.unplug();
  Bytes block(1 << 20);
  Read read = source->read(block, patient());
  CHECK(read.state == ReadState::disconnected);
  CHECK(read.bytes == 0);
}

TEST_CASE("A command's output is a recording, to its end") {
  const auto source = devices().open("command:printf abcdefg?entropy=1");
  CHECK(source->info().provenance == Provenance::recorded);
  CHECK(source->info().claim.bits_per_sample == 1);
  source->start(patient());
  Bytes block(5);
  CHECK(source->read(block, patient()).state == ReadState::ok);
  const Read rest = source->read(block, patient());
  CHECK(rest.state == ReadState::end_of_data);
  CHECK(rest.bytes == 2);
  CHECK(block[0] == std::byte{'f'});
  source->start(patient());  // begins again
  CHECK(source->read(block, patient()).bytes == 5);
}

TEST_CASE("A command's samples of two bytes are never torn") {
  const auto source = devices().open("command:printf abc; sleep 0.1; printf defgh?bits=16");
  source->start(patient());
  Bytes block(4);
  CHECK(source->read(block, patient()).bytes == 4);
  CHECK(source->read(block, patient()).bytes == 4);
  CHECK(block[3] == std::byte{'h'});
}

TEST_CASE("A command that fails, hangs or goes on without output ends within its deadline") {
  Bytes block(8);
  const auto failing = devices().open("command:printf abc; exit 7");
  failing->start(patient());
  const Read read = failing->read(block, patient());
  CHECK(read.state == ReadState::disconnected);
  CHECK(read.bytes == 0);
  CHECK(read.detail.find("exit code 7") != std::string::npos);

  const auto hanging = devices().open("command:sleep 1000");
  hanging->start(patient());
  CHECK(hanging->read(block, Patience{}.within(50ms)).state == ReadState::timeout);
  hanging->stop();
}

TEST_CASE("A character device's bytes are a recording; terminals, files and constants are none of its kind") {
  const auto source = devices().open("dev:/dev/urandom?entropy=8");
  CHECK(source->info().provenance == Provenance::recorded);
  CHECK(source->info().driver == "dev:");
  CHECK(source->info().claim.basis == MinEntropy::Basis::stated);
  CHECK(devices().open("dev:/dev/urandom")->info().claim.bits_per_sample == 0);
  source->start(patient());
  Bytes block(100'000);
  CHECK(source->read(block, patient()).bytes == block.size());
  Echo echo;
  PtyDevice pty(echo);
  for (const std::string& path : {std::string("/dev/zero"), std::string("/dev/null"), std::string("/dev/full"),
                                  std::string("/etc/passwd"), std::string("/tmp"), pty.path()}) {
    INFO(path);
    CHECK(category_of([&] { (void)devices().open("dev:" + path); }) == Category::usage);
  }
  CHECK(category_of([] { (void)devices().open("dev:/dev/no-such-device"); }) == Category::device);
  // No advice runs in a circle: each kind names the one that reads what it does not.
  try {
    (void)devices().open("tty:/dev/urandom");
    FAIL("opened");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("dev:/dev/urandom") != std::string::npos);
  }
}

TEST_CASE("A command does not hear what our own environment tells OpenSSL") {
  ::setenv("OPENSSL_CONF", "/nowhere", 1);
  ::setenv("LIGHTSEED_TEST_WORD", "heard", 1);
  const auto source = devices().open("command:echo \"$OPENSSL_CONF-$LIGHTSEED_TEST_WORD\"");
  source->start(patient());
  Bytes block(64);
  const Read read = source->read(block, patient());
  ::unsetenv("OPENSSL_CONF");
  ::unsetenv("LIGHTSEED_TEST_WORD");
  std::string said;
  for (std::size_t i = 0; i < read.bytes; ++i)
    said += static_cast<char>(block[i]);
  CHECK(said == "-heard\n");
}
