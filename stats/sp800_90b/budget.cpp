#include "stats/sp800_90b/budget.h"

#include <fmt/format.h>

#include <fstream>
#include <string>

#include "core/error.h"

namespace lightseed::sp800_90b {

Budget budget_of(std::uint64_t samples, unsigned width) {
  const std::uint64_t bits = samples * width;
  // The file, the words and the symbols; then, for each bit, a byte, a place in the suffix array, the length of
  // its common prefix and half the table of pairs.
  return {.bytes = 5 * samples + 13 * bits + (32U << 20),
          .seconds = 3e-7 * static_cast<double>(samples) + 8e-8 * static_cast<double>(bits)};
}

void check_budget(std::uint64_t samples, unsigned width, std::uint64_t memory) {
  if (samples > most_samples(width)) {
    throw Error(Category::refused, fmt::format("{} samples of {} bits are more than one assessment takes ({}); choose "
                                               "a part with --skip and --samples",
                                               samples, width, most_samples(width)));
  }
  const std::uint64_t bytes = budget_of(samples, width).bytes;
  if (memory != 0 && bytes > memory) {
    throw Error(Category::refused, fmt::format("this may take {} MiB of memory and {} MiB are free; choose a part "
                                               "with --skip and --samples, or insist with --force",
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
