// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/measured_rate.h"

#include <chrono>
#include <vector>

#include "core/bits.h"
#include "core/system_random.h"

namespace lightseed {

double measured_rate(const Extractor& extractor) {
  const ExtractorShape& shape = extractor.shape();
  constexpr std::size_t blocks = 64;
  std::vector<std::uint64_t> input(blocks * words_for(shape.input_bits));
  std::vector<std::uint64_t> output(blocks * words_for(shape.output_bits));
  system_random(std::as_writable_bytes(std::span(input)));
  using Clock = std::chrono::steady_clock;
  const auto seconds_since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  // The first block warms up caches, pages and the clock; for slow kinds it is all they get.
  auto started = Clock::now();
  extractor.extract_blocks(input, output, 1);
  double spent = seconds_since(started);
  std::size_t done = 1;
  if (spent < 0.002) {
    done = 0;
    started = Clock::now();
    do {
      extractor.extract_blocks(input, output, blocks);
      done += blocks;
      spent = seconds_since(started);
    } while (spent < 0.02);
  }
  return static_cast<double>(done * shape.input_bits) / spent;
}

}  // namespace lightseed
