// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/permutation_test.h"

#include <algorithm>
#include <bit>
#include <thread>
#include <vector>

#include "core/system_random.h"
#include "stats/run/run_jobs.h"

namespace lightseed::sp800_90b {
namespace {

using Rankings = std::array<Ranking, statistics_count>;

constexpr std::uint32_t cheap_batch = 32;  // rounds between looks at what is decided

unsigned cores_for(const PermutationOptions& options) {
  return options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
}

/// The rounds [first, last) on some threads; values[i] belongs to round first+i.
std::vector<StatisticValues> play(const Statistics& statistics, const PermutationOptions& options, StatisticSet which,
                                  const StatisticValues& original, std::uint32_t first, std::uint32_t last) {
  std::vector<StatisticValues> values(last - first);
  stats::run_jobs(values.size(), {.threads = options.threads, .stop = options.stop}, [&](std::size_t i) {
    values[i] = statistics.permuted(Xoshiro(options.seed, first + static_cast<std::uint32_t>(i)), which, &original);
  });
  return values;
}

/// Runs the statistics in `open` until each is decided or the rounds are over. Rounds count in their order and a
/// decided statistic looks at none behind, so that the size of a batch changes nothing but the time.
void run(const Statistics& statistics, const PermutationOptions& options, const StatisticValues& original,
         StatisticSet open, Rankings& rankings) {
  const std::uint32_t batch = open[compression_statistic] && !options.full ? cores_for(options) : cheap_batch;
  for (std::uint32_t first = 0; first < options.rounds && open.any(); first += batch) {
    const std::uint32_t last = std::min(first + batch, options.rounds);
    for (const StatisticValues& values : play(statistics, options, open, original, first, last)) {
      for (std::size_t i = 0; i < statistics_count; ++i) {
        if (!open[i]) continue;
        Ranking& ranking = rankings[i];
        ++(values[i] > ranking.original   ? ranking.greater
           : values[i] < ranking.original ? ranking.smaller
                                          : ranking.equal);
        if (!options.full && ranking.passed()) open.reset(i);
      }
    }
    if (options.progress) options.progress(last, options.rounds);
  }
}

}  // namespace

bool Ranking::borderline() const noexcept {
  if (skipped) return false;
  const double fewer = std::min(greater, smaller) + equal;
  return fewer > 0 && fewer * 10'000 <= 20.0 * rounds();
}

std::uint64_t fresh_seed() {
  std::array<std::byte, 8> bytes;
  system_random(bytes);
  return std::bit_cast<std::uint64_t>(bytes) >> 12;
}

Rankings permutation_test(const Statistics& statistics, const PermutationOptions& options) {
  StatisticSet all;
  all.set();
  const StatisticValues original = statistics.original(all);
  Rankings rankings;
  for (std::size_t i = 0; i < statistics_count; ++i)
    rankings[i].original = original[i];
  if (options.full) {
    run(statistics, options, original, all, rankings);
    return rankings;
  }
  StatisticSet cheap = all;
  cheap.reset(compression_statistic);
  run(statistics, options, original, cheap, rankings);
  if (std::all_of(rankings.begin(), rankings.end() - 1, [](const Ranking& ranking) { return ranking.passed(); })) {
    run(statistics, options, original, all & ~cheap, rankings);
  } else {
    rankings[compression_statistic].skipped = true;
  }
  return rankings;
}

}  // namespace lightseed::sp800_90b
