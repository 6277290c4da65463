// SPDX-License-Identifier: Apache-2.0
#include "stats/run/run_jobs.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/error.h"

namespace lightseed::stats {

void run_jobs(std::size_t jobs, const JobOptions& options, const std::function<void(std::size_t)>& job) {
  std::mutex mutex;
  std::size_t next = 0;
  std::size_t done = 0;
  std::exception_ptr failure;
  const auto take = [&] {
    const std::lock_guard lock(mutex);
    return failure || options.stop.stop_requested() ? jobs : std::min(jobs, next++);
  };
  const auto work = [&] {
    for (std::size_t k = take(); k < jobs; k = take()) {
      try {
        job(k);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        return;
      }
      const std::lock_guard lock(mutex);
      ++done;
      if (options.progress) options.progress(done, jobs);
    }
  };
  {
    const unsigned cores = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min<std::size_t>(cores, jobs); ++i)
      helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  if (done < jobs) throw Error(Category::interrupted, "the tests were stopped before they were through");
}

}  // namespace lightseed::stats
