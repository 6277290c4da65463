// SPDX-License-Identifier: Apache-2.0
// In the guest of bench C: reads a device whose cable is pulled at instants of the host's choosing, and says how it
// went. Each life of the device sends a sequence of its own: a block with bytes of two lives does not check.
//   pulled_cables URI CYCLES
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>
#include <vector>

#include "core/error.h"
#include "driver/registry.h"
#include "tests/emulated/usb_model.h"

namespace {

using namespace lightseed;
using namespace std::chrono_literals;
using Clock = SteadyClock;

constexpr auto limit = 3s;

/// What this process holds of the system. A thread that was joined may still be on its way out: asked until it is gone
/// or two seconds have passed.
struct Holdings {
  std::size_t descriptors = own_count("fd"), threads = own_count("task");

  static std::size_t own_count(const char* directory) {
    const std::filesystem::directory_iterator all(std::filesystem::path("/proc/self") / directory);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  [[nodiscard]] bool within(const Holdings& other) const {
    return descriptors <= other.descriptors && threads <= other.threads;
  }

  static Holdings settled(const Holdings& allowed) {
    Holdings now;
    for (int i = 0; i < 200 && !now.within(allowed); ++i) {
      std::this_thread::sleep_for(10ms);
      now = {};
    }
    return now;
  }
};

/// What went wrong, in words; it ends the run.
struct Wrong {
  std::string words;
};

class Reader {
 public:
  Reader(Source& source, unsigned cycle) : source_(source), cycle_(cycle) {}

  /// A block that continues the sequence; false for a block that was lost to the pulled cable.
  bool block(std::vector<std::byte>& room, emulated::SequenceChecker& checker) {
    const Read read = source_.read(room, Patience{}.within(limit));
    last_ = read;
    if (read.state != ReadState::ok) {
      if (read.bytes != 0) throw Wrong{fmt::format("cycle {}: {} bytes of a lost block", cycle_, read.bytes)};
      if (std::any_of(room.begin(), room.end(), [](std::byte b) { return b != std::byte{}; })) {
        throw Wrong{fmt::format("cycle {}: a lost block was not wiped", cycle_)};
      }
      return false;
    }
    if (!checker.feed(room)) throw Wrong{fmt::format("cycle {}: a block does not check", cycle_)};
    return true;
  }

  [[nodiscard]] const Read& last() const { return last_; }

 private:
  Source& source_;
  unsigned cycle_;
  Read last_;
};

std::string pull(Source& source, unsigned cycles) {
  std::vector<std::byte> room(8192);
  emulated::SequenceChecker checker;
  source.start(Patience{}.within(20s));
  unsigned recovered = 0, ended = 0;
  Clock::duration worst{};
  Holdings early;
  for (unsigned cycle = 0; cycle < cycles; ++cycle) {
    Reader reader(source, cycle);
    if (!reader.block(room, checker)) throw Wrong{fmt::format("cycle {}: {}", cycle, reader.last().detail)};
    const std::uint32_t before = checker.run();
    std::cout << "NOW pull and plug EMU0002" << std::endl;
    auto good = Clock::now();
    const auto begin = good;
    while (reader.block(room, checker)) {
      good = Clock::now();
      if (good - begin > 20s) throw Wrong{fmt::format("cycle {}: nobody pulls the cable", cycle)};
    }
    const auto took = Clock::now() - good;
    worst = std::max(worst, took);
    if (took > limit) throw Wrong{fmt::format("cycle {}: neither back nor ended after 3 s", cycle)};
    checker.restart();
    if (reader.last().state == ReadState::restarted) {
      ++recovered;
    } else if (reader.last().state == ReadState::disconnected) {
      ++ended;
      source.start(Patience{}.within(20s));
    } else {
      throw Wrong{fmt::format("cycle {}: {}", cycle, reader.last().detail)};
    }
    if (!reader.block(room, checker)) throw Wrong{fmt::format("cycle {}: {}", cycle, reader.last().detail)};
    if (checker.run() == before) throw Wrong{fmt::format("cycle {}: the same life of the device", cycle)};
    if (cycle == 4) early = {};
  }
  source.stop();
  if (const Holdings late = Holdings::settled(early); !late.within(early)) {
    throw Wrong{fmt::format("{} descriptors and {} threads after 5 cycles, {} and {} in the end", early.descriptors,
                            early.threads, late.descriptors, late.threads)};
  }
  return fmt::format("{} cables pulled: {} recovered, {} ended, the longest wait {} ms", cycles, recovered, ended,
                     std::chrono::duration_cast<std::chrono::milliseconds>(worst).count());
}

}  // namespace

int main(int, char** argv) {
  try {
    SourceRegistry registry;
    add_devices(registry);
    const auto source = registry.open(argv[1]);
    const std::string words = pull(*source, static_cast<unsigned>(std::atoi(argv[2])));
    std::cout << "ok " << words << std::endl;
    return 0;
  } catch (const Wrong& wrong) {
    std::cout << "FAILED " << wrong.words << std::endl;
  } catch (const std::exception& error) {
    std::cout << "FAILED " << error.what() << std::endl;
  }
  return 1;
}
