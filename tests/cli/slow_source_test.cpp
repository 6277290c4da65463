// SPDX-License-Identifier: Apache-2.0
// A device of a thousand bytes a second, by the clock that tests move: every verb that reads a source works with it,
// and somebody who watches sees it come from the first second on.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "driver/sidecar.h"
#include "tests/cli/issue_words.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace lightseed::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr double bytes_per_second = 1000;

/// How long devices have taken: what this process computes in between is not their time.
std::atomic<SteadyClock::duration> device_time{};

void let_pass(SteadyClock::duration time) {
  SteadyClock::move_on(time);
  device_time = device_time.load() + time;
}

/// Gives what the time that a read may take is worth, and lets that time pass.
class Trickle final : public Source {
 public:
  Trickle() {
    info_.uri = "slow:trickle";
    info_.format = {8, 8};
    info_.claim.bits_per_sample = 6;
    info_.nominal_rate = bytes_per_second / 10;  // however busy the machine is, it is not slower than that
  }

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  void start(const Patience&) override {}
  void stop() noexcept override {}

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    const std::chrono::duration<double> most = patience.left(24h);
    const auto part = std::min(out.size(), static_cast<std::size_t>(most.count() * bytes_per_second));
    for (std::byte& b : out.first(part))
      b = static_cast<std::byte>(random_() & 0xFFU);
    const auto took = std::chrono::duration<double>(static_cast<double>(part) / bytes_per_second);
    let_pass(part == out.size() ? std::chrono::duration_cast<SteadyClock::duration>(took) : patience.left(24h) + 1ms);
    if (patience.stopped()) return {0, ReadState::stopped, "asked to stop"};
    if (part == out.size()) return {part, ReadState::ok, {}};
    return {part, ReadState::timeout, "the time is over"};
  }

 private:
  SourceInfo info_;
  std::mt19937 random_{17};
};

SourceRegistry with_trickle() {
  SourceRegistry sources;
  sources.add({.name = "slow:trickle",
               .summary = "a thousand bytes a second",
               .list = [] { return std::vector<Listing>{}; },
               .open = [](SourceUri) { return std::make_unique<Trickle>(); }});
  return sources;
}

/// A run on a terminal that was never left alone for longer than `most`: each time progress is shown, the console asks
/// what time it is.
struct SeenRun {
  Captured captured;
  SteadyClock::duration took{}, longest{};

  explicit SeenRun(const std::vector<std::string>& words) {
    const auto began = device_time.load();
    auto last = began;
    const auto now = [&] {
      longest = std::max(longest, device_time.load() - last);
      last = device_time;
      return SteadyClock::now();
    };
    captured = run_captured_with(with_trickle(), words, {.err_is_terminal = true, .now = now});
    took = device_time.load() - began;
  }
};

void check_watched(const SeenRun& watched, SteadyClock::duration least) {
  INFO(watched.captured.err);
  CHECK(watched.captured.code == 0);
  CHECK(watched.took >= least);
  CHECK(watched.longest <= 1100ms);
}

}  // namespace

TEST_CASE("a thousand bytes a second are enough to generate, and are seen to come") {
  const Scratch scratch;
  const std::string file = (scratch / "g.bin").string();
  check_watched(SeenRun({"generate", "--source", "slow:trickle", "--bytes", "32", "-o", file}), 4s);
  CHECK(std::filesystem::file_size(file) == 32);
}

TEST_CASE("a thousand bytes a second are captured, by number and by time, and are seen to come") {
  const Scratch scratch;
  const std::string file = (scratch / "raw.bin").string();
  check_watched(SeenRun({"capture", "--source", "slow:trickle", "--samples", "20000", "-o", file}), 19s);
  CHECK(read_sidecar(sidecar_path(file)).samples == 20'000);
  const std::string timed = (scratch / "timed.bin").string();
  // Ten seconds, of which a busy machine needs some for itself.
  check_watched(SeenRun({"capture", "--source", "slow:trickle", "--duration", "10s", "-o", timed}), 0s);
  const Sidecar sidecar = read_sidecar(sidecar_path(timed));
  CHECK(sidecar.samples > 0);
  CHECK(sidecar.samples <= 11'000);
  CHECK(sidecar.ended_early.empty());
}

TEST_CASE("a thousand bytes a second are well, if that is what the device should give") {
  const SeenRun watched({"devices", "--check", "slow:trickle"});
  check_watched(watched, 4s);
  CHECK_THAT(watched.captured.out, Contains("well"));
}

TEST_CASE("keys are issued from a thousand bytes a second, and are seen to come") {
  const Scratch scratch;
  const auto file = [&](const char* name) { return (scratch / name).string(); };
  REQUIRE(run_captured({"keys", "new", file("keys")}).code == 0);
  std::ofstream(file("order.csv")) << "iccid,imsi\n8988211000000000011,001010000000001\n";
  check_watched(SeenRun(issue_words(scratch.path(), "slow:trickle", "2")), 4s);
  CHECK(std::filesystem::exists(file("out")));
}

TEST_CASE("a thousand bytes a second are watched live") {
  check_watched(SeenRun({"monitor", "slow:trickle", "--samples", "20000", "--interval", "10000"}), 19s);
}

namespace {

/// Writes into a named pipe what a slow device would: a thousand bytes, and when they have been read a second passes.
/// It ends when its reader has gone, or with this object: a verb that fails must not leave the test waiting.
class SlowPipe {
 public:
  SlowPipe(const std::string& path, unsigned seconds) {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    writer_ = std::jthread([path, seconds](const std::stop_token& stop) { write(path, seconds, stop); });
  }

 private:
  static void write(const std::string& path, unsigned seconds, const std::stop_token& stop) {
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    int fd = -1;
    // Without O_NONBLOCK it would wait for a reader, for ever.
    while (fd < 0 && !stop.stop_requested()) {
      fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
      std::this_thread::sleep_for(1ms);
    }
    std::mt19937 random(23);
    std::vector<std::uint8_t> second(static_cast<std::size_t>(bytes_per_second));
    for (unsigned i = 0; i < seconds; ++i) {
      for (std::uint8_t& b : second)
        b = static_cast<std::uint8_t>(random() & 0xFFU);
      if (::write(fd, second.data(), second.size()) < 0) break;
      for (int unread = 1; !stop.stop_requested() && ::ioctl(fd, FIONREAD, &unread) == 0 && unread > 0;)
        std::this_thread::sleep_for(1ms);
      let_pass(1s);
    }
    if (fd >= 0) ::close(fd);
  }

  std::jthread writer_;
};

}  // namespace

TEST_CASE("what comes through a pipe at a thousand bytes a second is assessed and audited, and seen to come") {
  const Scratch scratch;
  const std::string pipe = (scratch / "pipe").string();
  const auto words = GENERATE(std::vector<std::string>{"assess", "--quick"}, std::vector<std::string>{"audit"});
  const SlowPipe slow(pipe, 30);
  std::vector<std::string> all = words;
  all.push_back(pipe);
  const SeenRun watched(all);
  INFO(watched.captured.err);
  CHECK(watched.captured.code == 0);
  CHECK(watched.took >= 29s);
  // A second is over when the bytes have been read, which may be before or after they are told of.
  CHECK(watched.longest <= 2s);
  CHECK_THAT(watched.captured.err, Contains("bytes, ") && Contains("/s"));
}
