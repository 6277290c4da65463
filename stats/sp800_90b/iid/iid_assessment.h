// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>

#include "core/json.h"
#include "evidence/assessment_record.h"
#include "stats/sp800_90b/iid/chi_square.h"
#include "stats/sp800_90b/iid/permutation_test.h"
#include "stats/sp800_90b/non_iid/most_common_value.h"

namespace lightseed::sp800_90b {

/// The longest repeated substring test (5.2.5).
struct LongestRepeatTest {
  double collision = 0;      ///< p_col: two samples are equal
  std::uint64_t length = 0;  ///< W
  double probability = 1;    ///< that identically distributed samples repeat a string that long somewhere

  [[nodiscard]] bool passed() const noexcept { return probability >= least_p_value; }
  [[nodiscard]] bool borderline() const noexcept {
    return probability > least_p_value / 2 && probability < 2 * least_p_value;
  }
};

struct IidOptions {
  unsigned width = 8;  ///< bits a sample
  PermutationOptions permutation{};
};

/// The IID track (3.1.3, 5): may samples be taken as independent and identically distributed?
struct IidAssessment {
  unsigned width = 8;
  std::size_t samples = 0;
  unsigned alphabet = 0;
  PermutationOptions options{};
  ChiSquare independence{};
  ChiSquare goodness_of_fit{};
  LongestRepeatTest longest_repeat{};
  std::array<Ranking, statistics_count> rankings{};
  MostCommonValue most_common{};                     ///< of the samples
  std::optional<MostCommonValue> most_common_bit{};  ///< of their bits, where a sample has more than two values
  double h_original = 0;                             ///< most common value estimate, bits per sample
  std::optional<double> h_bitstring{};  ///< the same on the bit string, where a sample has more than two values
  double min_entropy = 0;               ///< min(h_original, width * h_bitstring); holds only if passed()

  [[nodiscard]] bool passed() const noexcept;
  /// A test came out so close to its limit that other data, or another seed, might decide otherwise.
  [[nodiscard]] bool borderline() const noexcept;
};

/// `raw`, one sample a byte. Constant data pass nothing and have no entropy. Errors as assess().
IidAssessment assess_iid(std::span<const std::uint8_t> raw, const IidOptions& options);

/// The deterministic part of the test alone.
LongestRepeatTest longest_repeat_test(std::span<const std::uint8_t> symbols, unsigned alphabet);

/// The same from its figures: a longest repeat of `length` among `samples`, two of which are equal with probability
/// `collision`.
LongestRepeatTest longest_repeat_test(double collision, std::uint64_t length, std::uint64_t samples);

/// As evidence has it.
AssessmentRecord record_of(const IidAssessment& assessment);
Json to_json(const IidAssessment& assessment);

}  // namespace lightseed::sp800_90b
