#include "stats/sp800_90b/assessment.h"

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "core/error.h"
#include "stats/input/samples.h"
#include "stats/sp800_90b/estimators.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::array<std::string_view, 10> ids{"mcv", "collision", "markov", "compression", "t-tuple",
                                               "lrs", "multi-mcw", "lag",    "multi-mmc",   "lz78y"};

/// One estimator on one view.
struct Task {
  const Estimator* estimator;
  View view;
  Estimator::Result result{};
};

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

bool wanted(std::string_view id, const std::vector<std::string>& only) {
  return only.empty() || std::find(only.begin(), only.end(), id) != only.end();
}

void check(std::span<const std::uint8_t> raw, const AssessmentOptions& options) {
  for (const std::string& id : options.only) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
      throw Error(Category::usage, fmt::format("there is no estimator \"{}\"; there are {}", id, fmt::join(ids, ", ")));
    }
  }
  if (raw.size() < fewest_samples) {
    throw Error(Category::not_enough_data,
                fmt::format("an assessment needs {} samples at least and {} to follow SP 800-90B 3.1.1; there are {}",
                            fewest_samples, wanted_samples, raw.size()));
  }
}

/// 3.1.3: the samples themselves, and their bits where a sample has more than two values.
std::vector<Task> plan(const Samples& samples, const AssessmentOptions& options) {
  std::vector<Task> tasks;
  const bool binary = samples.alphabet() <= 2;
  for (const View view : {View::literal, View::bitstring}) {
    if (options.view ? view != *options.view : view == View::bitstring && binary) continue;
    for (const Estimator& estimator : estimators()) {
      if (view == View::literal && !binary && estimator.bits_only) continue;
      if (std::none_of(estimator.ids.begin(), estimator.ids.end(),
                       [&](std::string_view id) { return wanted(id, options.only); }))
        continue;
      tasks.push_back({&estimator, view});
    }
  }
  return tasks;
}

void run(Task& task, const Samples& samples, const BitString& bit_string, bool as_written) {
  const double begin = thread_seconds();
  if (task.view == View::bitstring) {
    task.result = task.estimator->on_bits(bit_string, as_written);
  } else if (samples.alphabet() <= 2) {
    task.result = task.estimator->on_bits(samples.binary(), as_written);
  } else {
    task.result = task.estimator->on_symbols(samples.symbols(), samples.alphabet(), as_written);
  }
  const double seconds = thread_seconds() - begin;
  for (Estimate& estimate : task.result) {
    estimate.view = task.view;
    estimate.seconds = seconds / static_cast<double>(task.result.size());
  }
}

/// Runs the tasks on a few threads, the long ones (late in the standard's order, on the bit string) first.
void run_all(std::vector<Task>& tasks, const Samples& samples, const AssessmentOptions& options) {
  const BitString& bits = samples.bit_string();
  const bool cut = options.bit_limit > 0 && options.bit_limit < bits.size();
  const BitString bit_string = cut ? bits.first(options.bit_limit) : BitString();
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t done = 0;
  std::exception_ptr failure;
  const auto work = [&] {
    for (std::size_t k = next++; k < tasks.size(); k = next++) {
      if (options.stop.stop_requested()) return;
      try {
        run(tasks[tasks.size() - 1 - k], samples, cut ? bit_string : bits, options.as_written);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
        next = tasks.size();
        return;
      }
      const std::lock_guard lock(mutex);
      ++done;
      if (options.progress) options.progress(done, tasks.size());
    }
  };
  {
    const unsigned cores = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min<std::size_t>(cores, tasks.size()); ++i)
      helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  if (done < tasks.size()) throw Error(Category::interrupted, "the assessment was stopped");
}

/// The smallest result of a view, at most `most`.
std::optional<double> smallest(const std::vector<Estimate>& estimates, View view, double most) {
  std::optional<double> result;
  for (const Estimate& estimate : estimates) {
    if (estimate.view == view && estimate.not_run.empty())
      result = std::min(result.value_or(most), estimate.min_entropy);
  }
  return result;
}

}  // namespace

std::string_view name_of(View view) noexcept {
  return view == View::literal ? "literal" : "bitstring";
}

std::span<const std::string_view> estimator_ids() noexcept {
  return ids;
}

const Estimate* Assessment::binding() const noexcept {
  const Estimate* best = nullptr;
  double least = 0;
  for (const Estimate& estimate : estimates) {
    if (!estimate.not_run.empty()) continue;
    const double bits = estimate.view == View::literal ? estimate.min_entropy : width * estimate.min_entropy;
    if (best == nullptr || bits < least) {
      best = &estimate;
      least = bits;
    }
  }
  return best;
}

void sum_up(Assessment& assessment) {
  assessment.h_original = smallest(assessment.estimates, View::literal, assessment.width);
  assessment.h_bitstring = smallest(assessment.estimates, View::bitstring, 1);
  assessment.min_entropy =
      std::min(assessment.h_original.value_or(assessment.width), assessment.width * assessment.h_bitstring.value_or(1));
}

Assessment assess(std::span<const std::uint8_t> raw, const AssessmentOptions& options) {
  check(raw, options);
  const Samples samples(raw, options.width);
  Assessment result;
  result.width = options.width;
  result.samples = samples.size();
  result.alphabet = samples.alphabet();
  result.complete = options.only.empty();
  // One symbol: every estimator would say zero, or nothing at all.
  if (samples.alphabet() == 1) return result;

  std::vector<Task> tasks = plan(samples, options);
  run_all(tasks, samples, options);
  for (Task& task : tasks) {
    for (Estimate& estimate : task.result) {
      if (wanted(estimate.id, options.only)) result.estimates.push_back(std::move(estimate));
    }
  }
  sum_up(result);
  return result;
}

Json to_json(const Estimate& estimate) {
  Json json{{"id", estimate.id}, {"data", name_of(estimate.view)}};
  if (estimate.window) json["window_first"] = *estimate.window;
  if (estimate.not_run.empty()) {
    json["min_entropy"] = estimate.min_entropy;
  } else {
    json["min_entropy"] = nullptr;
    json["not_run"] = estimate.not_run;
  }
  for (const auto& [name, value] : estimate.intermediates)
    std::visit([&, &key = name](auto number) { json[key] = number; }, value);
  return json;
}

Json to_json(const Assessment& assessment) {
  Json estimates = Json::array();
  for (const Estimate& estimate : assessment.estimates)
    estimates.push_back(to_json(estimate));
  Json json{{"track", "non-iid"},
            {"samples", assessment.samples},
            {"bits", assessment.width},
            {"alphabet", assessment.alphabet},
            {"complete", assessment.complete}};
  if (const auto& windows = assessment.windows) {
    json["windows"] = {{"samples", windows->samples}, {"every", windows->every}, {"count", windows->count}};
  }
  json["h_original"] = assessment.h_original ? Json(*assessment.h_original) : Json();
  json["h_bitstring"] = assessment.h_bitstring ? Json(*assessment.h_bitstring) : Json();
  json["min_entropy"] = assessment.min_entropy;
  const Estimate* binding = assessment.binding();
  json["binding"] = binding == nullptr ? Json() : Json{{"id", binding->id}, {"data", name_of(binding->view)}};
  json["estimators"] = std::move(estimates);
  return json;
}

}  // namespace lightseed::sp800_90b
