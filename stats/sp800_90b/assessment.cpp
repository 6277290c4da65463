// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/assessment.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "stats/input/samples.h"
#include "stats/run/run_jobs.h"

namespace lightseed::sp800_90b {
namespace {

/// One piece of work: an estimator on one view, or several that share their main step.
struct Task {
  std::vector<const Estimator*> estimators;
  View view;
  std::vector<Estimate> result{};
};

std::vector<Task> plan(const Assessment& assessment, const std::vector<std::string>& only) {
  std::vector<Task> tasks;
  for (const View view : {View::literal, View::bitstring}) {
    for (const Estimator& estimator : estimators()) {
      if (!wanted(estimator.id, only) || !asks_for(estimator, view, assessment)) continue;
      const bool joins = !tasks.empty() && tasks.back().view == view &&
                         tasks.back().estimators.front()->id == estimator.shares_step_with;
      if (joins) {
        tasks.back().estimators.push_back(&estimator);
      } else {
        tasks.push_back({.estimators = {&estimator}, .view = view});
      }
    }
  }
  return tasks;
}

ViewedData data_of(View view, const Samples& samples, const BitString& bit_string) {
  if (view == View::bitstring) return ViewedData(bit_string);
  if (samples.alphabet() <= 2) return ViewedData(samples.binary());
  return {samples.symbols(), samples.alphabet()};
}

void run(Task& task, const ViewedData& data, const Rules& rules) {
  for (const Estimator* estimator : task.estimators) {
    task.result.push_back(data.size() < estimator->least ? too_short(*estimator) : estimator->run(data, rules));
    task.result.back().view = task.view;
  }
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

bool may_lack(const Estimator& estimator, const ViewShape& shape) {
  return shape.length < estimator.least || (estimator.may_lack != nullptr && estimator.may_lack(shape));
}

}  // namespace

void require_samples(std::uint64_t samples) {
  if (samples >= fewest_samples) return;
  throw Error(Category::not_enough_data,
              fmt::format("an assessment needs {} samples at least and {} to follow SP 800-90B 3.1.1; there are {}",
                          fewest_samples, wanted_samples, samples));
}

bool asks_for(const Estimator& estimator, View view, const Assessment& assessment) {
  const bool in_stream = assessment.windows.has_value();
  const bool binary = in_stream ? assessment.width == 1 : assessment.alphabet <= 2;
  if (assessment.only ? view != *assessment.only : view == View::bitstring && binary) return false;
  return view == View::bitstring || binary || !estimator.bits_only;
}

ViewShape shape_of(const Assessment& assessment, const Estimate& estimate) {
  const std::uint64_t samples =
      estimate.window && assessment.windows ? assessment.windows->samples : assessment.samples;
  if (estimate.view == View::literal) return {.length = samples, .alphabet = assessment.alphabet};
  const std::uint64_t bits = samples * assessment.width;
  return {.length = assessment.bit_limit ? std::min(bits, *assessment.bit_limit) : bits};
}

bool is_complete(const Assessment& assessment) {
  if (assessment.alphabet < 2) return true;
  for (const Estimator& estimator : estimators()) {
    for (const View view : {View::literal, View::bitstring}) {
      if (!asks_for(estimator, view, assessment)) continue;
      const auto found = std::find_if(assessment.estimates.begin(), assessment.estimates.end(),
                                      [&](const Estimate& e) { return e.id == estimator.id && e.view == view; });
      // A window of two values in wider samples is binary, and has no bit string of its own.
      const bool in_window = assessment.windows && estimator.one_pass == nullptr;
      if (found == assessment.estimates.end() && in_window && assessment.alphabet == 2 && view == View::bitstring)
        continue;
      if (found == assessment.estimates.end()) return false;
      if (!found->not_run.empty() && !may_lack(estimator, shape_of(assessment, *found))) return false;
    }
  }
  return true;
}

void sum_up(Assessment& assessment) {
  assessment.h_original = smallest(assessment.estimates, View::literal, assessment.width);
  assessment.h_bitstring = smallest(assessment.estimates, View::bitstring, 1);
  assessment.min_entropy =
      std::min(assessment.h_original.value_or(assessment.width), assessment.width * assessment.h_bitstring.value_or(1));
  assessment.complete = is_complete(assessment);
}

Assessment assess(std::span<const std::uint8_t> raw, const AssessmentOptions& options) {
  check_ids(options.only);
  require_samples(raw.size());
  const Samples samples(raw, options.width);
  Assessment result;
  result.width = options.width;
  result.samples = samples.size();
  result.alphabet = samples.alphabet();
  result.only = options.view;
  const BitString& all_bits = samples.bit_string();
  const bool cut = options.bit_limit > 0 && options.bit_limit < all_bits.size();
  if (cut) result.bit_limit = options.bit_limit;
  // One symbol: every estimator would say zero, or nothing at all.
  if (samples.alphabet() == 1) return result;

  const BitString bit_string = cut ? all_bits.first(options.bit_limit) : BitString();
  std::vector<Task> tasks = plan(result, options.only);
  // The long ones, late in the standard's order and on the bit string, begin first.
  run_jobs(tasks.size(), {.threads = options.threads, .stop = options.stop, .progress = options.progress},
           [&](std::size_t k) {
             Task& task = tasks[tasks.size() - 1 - k];
             run(task, data_of(task.view, samples, cut ? bit_string : all_bits), {.as_written = options.as_written});
           });
  for (Task& task : tasks) {
    for (Estimate& estimate : task.result)
      result.estimates.push_back(std::move(estimate));
  }
  sum_up(result);
  return result;
}

}  // namespace lightseed::sp800_90b
