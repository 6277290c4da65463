#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/json.h"

namespace lightseed::sp800_90b {

/// What an estimator looked at.
enum class View {
  literal,    ///< the samples themselves
  bitstring,  ///< their bits, most significant first
};

/// "literal" or "bitstring".
std::string_view name_of(View view) noexcept;

/// What one estimator of 6.3 says about one view of the data.
struct Estimate {
  using Number = std::variant<std::uint64_t, double>;

  std::string id;  ///< "mcv", "collision", "markov", "compression", "t-tuple", "lrs", "multi-mcw", …
  View view = View::literal;
  double min_entropy = 0;                                       ///< bits per symbol of that view
  std::vector<std::pair<std::string, Number>> intermediates{};  ///< in the standard's order
  std::string not_run{};                                        ///< why it could not run; empty when it did
  std::optional<std::uint64_t> window{};                        ///< first sample of the window it looked at, if one
  double seconds = 0;                                           ///< CPU time it took
};

/// What the estimators that need their data in memory look at, of input that does not fit.
struct Windows {
  std::size_t samples = 1'000'000;  ///< length of a window
  std::size_t every = 10'000'000;   ///< from the start of one to the start of the next
  std::uint64_t count = 0;          ///< how many there were
};

struct AssessmentOptions {
  unsigned width = 8;               ///< bits a sample
  std::vector<std::string> only{};  ///< ids of the estimators to run; empty: all ten
  /// Nothing: both views as 3.1.3 says. bitstring: data of a conditioning component (3.1.5.2). literal: restarts
  /// (3.1.4).
  std::optional<View> view{};
  bool as_written = false;    ///< the text of the standard where NIST's tool differs from it (MultiMMC)
  std::size_t bit_limit = 0;  ///< bits of the bit string to use; 0: all. NIST's tool has 1000000 with -t
  unsigned threads = 0;       ///< 0: one a core
  std::stop_token stop{};
  /// Told after each estimator: how many of how many are done.
  std::function<void(std::size_t done, std::size_t of)> progress{};
};

/// The non-IID track (3.1.3, 6.3): every estimator on every view it applies to, and the smallest result.
struct Assessment {
  unsigned width = 8;
  std::size_t samples = 0;
  unsigned alphabet = 0;              ///< distinct symbols that came
  std::vector<Estimate> estimates;    ///< literal first, in the standard's order
  std::optional<double> h_original;   ///< smallest on the literal data, bits per sample
  std::optional<double> h_bitstring;  ///< smallest on the bit string, bits per bit
  double min_entropy = 0;             ///< min(h_original, width * h_bitstring), bits per sample
  bool complete = true;               ///< all estimators of the track were asked for
  std::optional<Windows> windows;     ///< where some estimators looked at windows only

  /// The estimator that sets min_entropy; nothing for constant data.
  [[nodiscard]] const Estimate* binding() const noexcept;
};

/// Fills in h_original, h_bitstring and min_entropy from the estimates.
void sum_up(Assessment& assessment);

/// The ten estimators' ids in the standard's order.
std::span<const std::string_view> estimator_ids() noexcept;

/// Those that take one pass and no memory to speak of: a screen, and what sees every sample of a long input.
inline constexpr std::array<std::string_view, 4> one_pass_ids{"mcv", "collision", "markov", "compression"};

/// The fewest samples an assessment takes; the standard asks for 1000000 (3.1.1).
inline constexpr std::size_t fewest_samples = 1000;
inline constexpr std::size_t wanted_samples = 1'000'000;

/// Assesses `raw`, one sample a byte. Constant data have min-entropy 0.
/// Throws Error(not_enough_data) below fewest_samples, Error(usage) for samples wider than `width` or an unknown
/// estimator, Error(interrupted) when asked to stop.
Assessment assess(std::span<const std::uint8_t> raw, const AssessmentOptions& options);

/// `{"id":…,"data":…,"min_entropy":…,…intermediates…}`
Json to_json(const Estimate& estimate);

/// `{"track":"non-iid","samples":…,"bits":…,"h_original":…,"h_bitstring":…,"min_entropy":…,"binding":{…},
/// "estimators":[{"id":…,"data":…,"min_entropy":…,…}]}`, all numbers with 17 digits.
Json to_json(const Assessment& assessment);

}  // namespace lightseed::sp800_90b
