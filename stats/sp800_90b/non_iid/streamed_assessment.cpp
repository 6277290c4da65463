#include "stats/sp800_90b/non_iid/streamed_assessment.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "stats/input/bit_string.h"
#include "stats/input/histogram.h"
#include "stats/sp800_90b/named_numbers.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::size_t piece_samples = 3 << 15;  // whole blocks of six bits at any width, small enough for the cache

bool among(std::string_view id, const auto& ids) {
  return std::find(std::begin(ids), std::end(ids), id) != std::end(ids);
}

/// What a view's bits came to as they went by.
struct BitCounts {
  std::uint64_t ones = 0;
  std::uint64_t bits = 0;
  CollisionCount collision{};
  MarkovCount markov{};
  CompressionCount compression{};

  void add(const BitString& piece) {
    ones += piece.ones();
    bits += piece.size();
    collision.add(piece);
    markov.add(piece);
    compression.add(piece);
  }
};

}  // namespace

struct StreamedAssessment::State {
  AssessmentOptions options;
  Windows windows;
  std::vector<std::string> of_windows{};  ///< ids that look at windows
  std::uint64_t samples = 0;
  std::vector<std::uint8_t> window{};
  std::vector<std::uint8_t> piece{};
  Histogram counts{};
  BitCounts bits{};
  std::vector<Estimate> smallest{};  ///< of the windows so far, in the order of the first

  void end_piece() {
    const Histogram now = histogram(piece);
    for (std::size_t value = 0; value < now.size(); ++value) {
      if (now[value] != 0 && value >> options.width != 0) {
        throw Error(Category::usage, fmt::format("a sample has the value {}, more than {} bits hold: is the number of "
                                                 "bits right?",
                                                 value, options.width));
      }
      counts[value] += now[value];
    }
    bits.add(BitString(piece, options.width));
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
        result.estimates.push_back({.id = id, .view = View::literal, .min_entropy = 0});
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

  /// The estimators that saw every bit, in the standard's order.
  [[nodiscard]] std::vector<Estimate> of_all_bits(View view) const {
    std::vector<Estimate> result;
    const auto append = [&](std::vector<Estimate> more) {
      for (Estimate& estimate : more) {
        estimate.view = view;
        if (options.only.empty() || among(estimate.id, options.only)) result.push_back(std::move(estimate));
      }
    };
    append(report(most_common_value(std::max(bits.ones, bits.bits - bits.ones), bits.bits)));
    append(report(bits.collision.result()));
    append(report(bits.markov.result()));
    append(report(bits.compression.result()));
    return result;
  }
};

StreamedAssessment::StreamedAssessment(const AssessmentOptions& options, const Windows& windows)
    : state_(new State{.options = options, .windows = windows}) {
  for (const std::string_view id : estimator_ids()) {
    if (!among(id, one_pass_ids) && (options.only.empty() || among(id, options.only))) {
      state_->of_windows.emplace_back(id);
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
  result.complete = state.options.only.empty();
  if (!state.of_windows.empty()) result.windows = state.windows;
  result.alphabet = static_cast<unsigned>(
      std::count_if(state.counts.begin(), state.counts.end(), [](std::uint64_t n) { return n != 0; }));
  if (result.alphabet == 1) return result;

  const bool both = state.options.width > 1;
  const auto take_windows = [&](View view) {
    for (const Estimate& estimate : state.smallest) {
      if (estimate.view == view) result.estimates.push_back(estimate);
    }
  };
  const auto wanted = [&](View view) { return !state.options.view || *state.options.view == view; };
  if (wanted(View::literal)) {
    if (!both) {
      result.estimates = state.of_all_bits(View::literal);
    } else if (state.options.only.empty() || among("mcv", state.options.only)) {
      result.estimates =
          report(most_common_value(*std::max_element(state.counts.begin(), state.counts.end()), state.samples));
    }
    take_windows(View::literal);
  }
  if (both && wanted(View::bitstring)) {
    for (Estimate& estimate : state.of_all_bits(View::bitstring))
      result.estimates.push_back(std::move(estimate));
    take_windows(View::bitstring);
  }
  sum_up(result);
  return result;
}

}  // namespace lightseed::sp800_90b
