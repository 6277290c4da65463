// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/non_iid/streamed_assessment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "core/error.h"
#include "stats/input/bit_string.h"
#include "stats/input/histogram.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::size_t piece_samples = 3 << 15;  // whole blocks of six bits at any width, small enough for the cache

/// The estimators that see every sample of a view, in the standard's order.
class Counters {
 public:
  Counters(View view, const AssessmentOptions& options) {
    // The bits of samples wider than one are a view of their own, whatever values come.
    const Assessment stream{.width = options.width, .only = options.view, .windows = Windows{}};
    for (const Estimator& estimator : estimators()) {
      if (estimator.one_pass == nullptr || !wanted(estimator.id, options.only) || !asks_for(estimator, view, stream))
        continue;
      all_.push_back({&estimator, estimator.one_pass(view)});
    }
    view_ = view;
  }

  void add(std::span<const std::uint8_t> raw, const BitString& bits) {
    length_ += view_ == View::literal ? raw.size() : bits.size();
    for (auto& [estimator, counter] : all_)
      counter->add(raw, bits);
  }

  void append_to(std::vector<Estimate>& estimates) const {
    for (const auto& [estimator, counter] : all_) {
      estimates.push_back(length_ < estimator->least ? too_short(*estimator) : counter->result());
      estimates.back().view = view_;
    }
  }

 private:
  std::vector<std::pair<const Estimator*, std::unique_ptr<OnePass>>> all_;
  View view_;
  std::uint64_t length_ = 0;
};

}  // namespace

struct StreamedAssessment::State {
  AssessmentOptions options;
  Windows windows;
  std::vector<std::string> of_windows{};  ///< ids that look at windows
  std::uint64_t samples = 0;
  std::vector<std::uint8_t> window{};
  std::vector<std::uint8_t> piece{};
  Counters literal;
  Counters bitstring;
  std::array<bool, 256> came{};      ///< which values
  std::vector<Estimate> smallest{};  ///< of the windows so far, in the order of the first

  void end_piece() {
    const Histogram now = histogram(piece);
    for (std::size_t value = 0; value < now.size(); ++value) {
      if (now[value] != 0 && value >> options.width != 0) {
        throw Error(Category::usage, fmt::format("a sample has the value {}, more than {} bits hold: is the number of "
                                                 "bits right?",
                                                 value, options.width));
      }
      came[value] = came[value] || now[value] != 0;
    }
    const BitString bits(piece, options.width);
    literal.add(piece, bits);
    bitstring.add(piece, bits);
    piece.clear();
  }

  void end_window() {
    AssessmentOptions mine = options;
    mine.only = of_windows;
    mine.progress = {};
    const std::uint64_t first = samples - window.size();
    Assessment result = assess(window, mine);
    if (result.alphabet == 1) {
      // A source that is stuck for a whole window has no entropy there, whatever the rest says.
      for (const std::string& id : of_windows)
        result.estimates.push_back({.id = id, .view = options.view.value_or(View::literal), .min_entropy = 0});
    }
    for (Estimate& estimate : result.estimates) {
      estimate.window = first;
      keep_smaller(std::move(estimate));
    }
    ++windows.count;
    window.clear();
  }

  void keep_smaller(Estimate estimate) {
    const auto known = std::find_if(smallest.begin(), smallest.end(), [&](const Estimate& other) {
      return other.id == estimate.id && other.view == estimate.view;
    });
    if (known == smallest.end()) {
      smallest.push_back(std::move(estimate));
    } else if (estimate.not_run.empty() && (!known->not_run.empty() || estimate.min_entropy < known->min_entropy)) {
      *known = std::move(estimate);
    }
  }
};

StreamedAssessment::StreamedAssessment(const AssessmentOptions& options, const Windows& windows)
    : state_(new State{.options = options,
                       .windows = windows,
                       .literal = {View::literal, options},
                       .bitstring = {View::bitstring, options}}) {
  check_ids(options.only);
  for (const Estimator& estimator : estimators()) {
    if (estimator.one_pass == nullptr && wanted(estimator.id, options.only)) {
      state_->of_windows.emplace_back(estimator.id);
    }
  }
  state_->windows.count = 0;
}

StreamedAssessment::StreamedAssessment(StreamedAssessment&&) noexcept = default;
StreamedAssessment::~StreamedAssessment() = default;

void StreamedAssessment::add(std::span<const std::uint8_t> raw) {
  State& state = *state_;
  while (!raw.empty()) {
    const std::uint64_t at = state.samples % state.windows.every;
    const bool in_window = at < state.windows.samples && !state.of_windows.empty();
    const std::uint64_t to_edge = (in_window ? state.windows.samples : state.windows.every) - at;
    const auto part = raw.first(std::min<std::uint64_t>({raw.size(), to_edge, piece_samples - state.piece.size()}));
    if (state.options.stop.stop_requested()) throw Error(Category::interrupted, "the assessment was stopped");
    state.piece.insert(state.piece.end(), part.begin(), part.end());
    if (in_window) state.window.insert(state.window.end(), part.begin(), part.end());
    state.samples += part.size();
    raw = raw.subspan(part.size());
    if (state.piece.size() == piece_samples) state.end_piece();
    if (in_window && state.window.size() == state.windows.samples) state.end_window();
  }
}

Assessment StreamedAssessment::result() {
  State& state = *state_;
  if (state.samples < state.windows.samples) {
    throw Error(Category::not_enough_data,
                fmt::format("there are {} samples, less than a window of {}", state.samples, state.windows.samples));
  }
  state.end_piece();
  Assessment result;
  result.width = state.options.width;
  result.samples = state.samples;
  result.only = state.options.view;
  if (!state.of_windows.empty()) result.windows = state.windows;
  result.alphabet = static_cast<unsigned>(std::count(state.came.begin(), state.came.end(), true));
  if (result.alphabet == 1) return result;
  for (const View view : {View::literal, View::bitstring}) {
    (view == View::literal ? state.literal : state.bitstring).append_to(result.estimates);
    for (const Estimate& estimate : state.smallest) {
      if (estimate.view == view) result.estimates.push_back(estimate);
    }
  }
  sum_up(result);
  return result;
}

}  // namespace lightseed::sp800_90b
