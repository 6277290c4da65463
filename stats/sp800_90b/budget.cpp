// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/budget.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "core/error.h"

namespace lightseed::sp800_90b {

Budget budget_of(std::uint64_t samples, unsigned width) {
  const std::uint64_t bits = samples * width;
  // Data that repeat over long distances cost most: for each bit of theirs a byte, its place in the suffix array and
  // the length of its common prefix (9 bytes), the census' table of pairs and of counts (12) and, while its sums are
  // taken, as much of another table (8); for each sample the file, the symbols and the same again of the samples.
  return {.bytes = 29 * bits + 32 * samples + (64U << 20),
          .seconds = 3e-7 * static_cast<double>(samples) + 8e-8 * static_cast<double>(bits)};
}

void check_budget(std::uint64_t samples, unsigned width, std::uint64_t memory) {
  if (samples > most_samples(width)) {
    throw Error(Category::refused, fmt::format("{} samples of {} bits are more than one assessment takes ({}); take "
                                               "a part of them",
                                               samples, width, most_samples(width)));
  }
  const std::uint64_t bytes = budget_of(samples, width).bytes;
  if (memory != 0 && bytes > memory) {
    throw Error(Category::refused, fmt::format("this may take {} MiB of memory and {} MiB are free; take a part of "
                                               "the samples, or insist",
                                               bytes >> 20, memory >> 20));
  }
}

std::uint64_t available_memory() {
  std::ifstream info("/proc/meminfo");
  std::string name;
  std::uint64_t kibibytes = 0;
  while (info >> name >> kibibytes) {
    if (name == "MemAvailable:") return kibibytes * 1024;
    info.ignore(64, '\n');
  }
  return 0;
}

std::uint64_t most_samples(unsigned width) {
  return (std::uint64_t{1} << 29) / width;
}

}  // namespace lightseed::sp800_90b
