#include "stats/sp800_90b/budget.h"

#include <fstream>
#include <string>

namespace lightseed::sp800_90b {

Budget budget_of(std::uint64_t samples, unsigned width) {
  const std::uint64_t bits = samples * width;
  // The file, the words and the symbols; then, for each bit, a byte, a place in the suffix array, the length of
  // its common prefix and half the table of pairs.
  return {.bytes = 5 * samples + 13 * bits + (32U << 20),
          .seconds = 3e-7 * static_cast<double>(samples) + 8e-8 * static_cast<double>(bits)};
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
