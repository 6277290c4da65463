// SPDX-License-Identifier: Apache-2.0
// In the guest of makers.sh: judges what a kernel module, a maker's program or a driver of ours has read of an emulated
// device, byte for byte.
//   maker_judge sequence FILE BYTES [CHUNK]   the device's sequence without a gap; with CHUNK, gaps between chunks
//   maker_judge hwrng FILE BYTES              the sequence, as /dev/hwrng hands it out: pieces, none twice
//   maker_judge counter FILE BYTES            ChaosKey's raw samples, which count
//   maker_judge infnoise FILE BYTES           rounds of the emulated Infinite Noise, in order, none twice
//   maker_judge source URI BYTES              the sequence, read by our own driver
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <vector>

#include "core/error.h"
#include "driver/registry.h"
#include "tests/emulated/infnoise/emulated_infnoise.h"

namespace {

using namespace lightseed;
using namespace lightseed::emulated;
using namespace std::chrono_literals;

void demand(bool right, const std::string& words) {
  if (!right) throw std::runtime_error(words);
}

Bytes contents(const std::string& path, std::size_t least) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  demand(text.size() >= least, fmt::format("{} has {} bytes and not {}", path, text.size(), least));
  const auto all = std::as_bytes(std::span(text));
  return {all.begin(), all.end()};
}

/// Each chunk is a piece of the sequence, and comes after the one before it.
void judge_sequence(const Bytes& bytes, std::size_t chunk) {
  std::uint64_t before = 0;
  std::size_t gaps = 0;
  for (std::size_t at = 0; at + chunk <= bytes.size(); at += chunk) {
    SequenceChecker checker;
    demand(checker.feed(std::span(bytes).subspan(at, chunk)), fmt::format("the bytes from {} on are no sequence", at));
    const std::uint64_t begin = checker.position() - chunk;
    demand(at == 0 || begin >= before, fmt::format("the bytes from {} on came before", at));
    if (at > 0 && begin != before) ++gaps;
    before = checker.position();
  }
  std::cout << fmt::format("{} bytes, {} gaps\n", bytes.size(), gaps);
}

/// /dev/hwrng fills a buffer of 64 bytes and gives its end first to a reader who asks for fewer (rng_dev_read). The
/// kernel's own reads, of 16 bytes at first, decide where buffers begin. So a piece of 16 bytes may lie before the one
/// read before it, within 64 bytes; none may come twice.
void judge_hwrng(const Bytes& bytes) {
  constexpr std::size_t piece = 16, buffer = 64;
  std::set<std::uint64_t> seen;
  std::uint64_t furthest = 0;
  std::size_t steps_back = 0;
  for (std::size_t at = 0; at + piece <= bytes.size(); at += piece) {
    SequenceChecker checker;
    demand(checker.feed(std::span(bytes).subspan(at, piece)), fmt::format("the bytes from {} on are no sequence", at));
    const std::uint64_t end = checker.position();
    demand(end % piece == 0, fmt::format("the bytes from {} on are no piece", at));
    demand(seen.insert(end).second, fmt::format("the bytes from {} on come twice", at));
    demand(end - piece + buffer >= furthest, fmt::format("the bytes from {} on came before", at));
    if (end < furthest) ++steps_back;
    furthest = std::max(furthest, end);
  }
  std::cout << fmt::format("{} bytes, {} pieces after a later one\n", bytes.size(), steps_back);
}

void judge_counter(const Bytes& bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto sample = [&](std::size_t at) {
      return std::to_integer<unsigned>(bytes[at]) | std::to_integer<unsigned>(bytes[at + 1]) << 8U;
    };
    demand(i == 0 || sample(i) == ((sample(i - 2) + 1) & 0xFFFU),
           fmt::format("the sample at byte {} does not count on", i));
  }
}

/// The same device, clocked again: what the program has kept must be among its rounds. A round that came late is one
/// that the program throws away.
void judge_rounds(const Bytes& bytes) {
  EmulatedInfNoise device(1);
  const Bytes pattern = infnoise_pattern();
  std::size_t kept = 0, thrown = 0;
  constexpr std::size_t most_thrown = 200'000;
  for (std::size_t at = 0; at + 64 <= bytes.size(); at += 64) {
    const Bytes block(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      bytes.begin() + static_cast<std::ptrdiff_t>(at) + 64);
    do {
      device.receive(pattern, Clock::now());
      while (!device.send(512, Clock::now() + 1s).empty()) {
      }
      ++thrown;
      demand(thrown < most_thrown, fmt::format("the 64 bytes from {} on are no round of the device", at));
    } while (device.rounds().back() != block);
    --thrown;
    ++kept;
  }
  std::cout << fmt::format("{} rounds kept, {} thrown away\n", kept, thrown);
}

void judge_source(const std::string& uri, std::size_t size) {
  SourceRegistry registry;
  add_devices(registry);
  const auto source = registry.open(uri);
  source->start(Patience{}.within(60s));
  std::vector<std::byte> room(4096);
  SequenceChecker checker;
  std::size_t heard = 0, restarts = 0;
  while (heard < size) {
    const Read read = source->read(room, Patience{}.within(60s));
    if (read.state == ReadState::restarted) {
      checker.restart();
      demand(++restarts < 3, "it began anew three times: " + read.detail);
      continue;
    }
    demand(read.state == ReadState::ok, read.detail);
    demand(checker.feed(room), fmt::format("the bytes from {} on are no sequence", heard));
    heard += room.size();
  }
  source->stop();
  std::cout << fmt::format("{} bytes, {} restarts\n", heard, restarts);
}

void judge(const std::vector<std::string>& words) {
  demand(words.size() >= 3, "what is to be judged?");
  const std::size_t size = std::stoul(words[2]);
  if (words[0] == "source") return judge_source(words[1], size);
  const Bytes bytes = contents(words[1], size);
  if (words[0] == "sequence") return judge_sequence(bytes, words.size() > 3 ? std::stoul(words[3]) : bytes.size());
  if (words[0] == "hwrng") return judge_hwrng(bytes);
  if (words[0] == "counter") return judge_counter(bytes);
  if (words[0] == "infnoise") return judge_rounds(bytes);
  throw std::runtime_error("nothing is judged as '" + words[0] + "'");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    judge({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& error) {
    std::cout << error.what() << std::endl;
    return 1;
  }
}
