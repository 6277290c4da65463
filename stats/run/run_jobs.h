// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

namespace lightseed::stats {

struct JobOptions {
  unsigned threads = 0;  ///< 0: one a core
  std::stop_token stop{};
  /// Told after each job, from any thread but never from two at once: how many of how many are done.
  std::function<void(std::size_t done, std::size_t of)> progress{};
};

/// Runs job(0) … job(jobs-1), each once, begun in this order, on a few threads; the caller's is one of them.
/// After the first exception no further job begins, and it is thrown here once all have come to an end.
/// Throws Error(interrupted) when asked to stop before all were begun.
void run_jobs(std::size_t jobs, const JobOptions& options, const std::function<void(std::size_t)>& job);

}  // namespace lightseed::stats
