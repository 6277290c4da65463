// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/json.h"
#include "evidence/iid_record.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// The two readings of samples that SP 800-90B 3.1.3 has.
enum class DataView {
  literal,    ///< the samples themselves
  bitstring,  ///< their bits, most significant first
};

/// "literal" or "bitstring".
std::string_view name_of(DataView view) noexcept;

/// What one estimator of SP 800-90B 6.3 said about one view of the data.
struct EstimateRecord {
  using Number = std::variant<std::uint64_t, double>;

  std::string id;  ///< "mcv", "collision", … (stats/sp800_90b/estimators.h)
  DataView view = DataView::literal;
  double min_entropy = 0;                                 ///< bits per symbol of that view
  std::vector<std::pair<std::string, Number>> numbers{};  ///< what it follows from, in the standard's order
  std::string not_run{};                                  ///< why it could not run; empty when it did
  std::optional<std::uint64_t> window{};                  ///< first sample of the window it looked at, if one

  /// The number of that name, counts as double too; nothing when it is not there.
  [[nodiscard]] std::optional<double> number(std::string_view name) const;
  /// The same where it is a count.
  [[nodiscard]] std::optional<std::uint64_t> count(std::string_view name) const;
};

/// Which part the estimators that need their data in memory saw, of input that does not fit.
struct WindowsRecord {
  std::uint64_t samples = 1'000'000;  ///< length of a window
  std::uint64_t every = 10'000'000;   ///< from the start of one to the start of the next
  std::uint64_t count = 0;            ///< how many there were

  friend bool operator==(const WindowsRecord&, const WindowsRecord&) = default;
};

/// An assessment of raw samples by SP 800-90B: the non-IID track (6.3), or the IID track (5) where `iid` is there.
struct AssessmentRecord {
  unsigned width = 8;  ///< bits a sample; member "bits"
  std::uint64_t samples = 0;
  unsigned alphabet = 0;                     ///< distinct symbols that came
  std::vector<EstimateRecord> estimates{};   ///< literal first, in the standard's order
  std::optional<double> h_original{};        ///< smallest on the literal data, bits per sample
  std::optional<double> h_bitstring{};       ///< smallest on the bit string, bits per bit
  double min_entropy = 0;                    ///< min(h_original, width * h_bitstring), bits per sample
  bool complete = true;                      ///< all estimators of the track were run, or could not on so few samples
  std::optional<DataView> only{};            ///< the one view that was asked for (3.1.4, 3.1.5.2); nothing: all
  std::optional<std::uint64_t> bit_limit{};  ///< bits of the bit string that were looked at, where not all
  std::optional<WindowsRecord> windows{};    ///< where some estimators looked at windows only
  std::optional<IidRecord> iid{};            ///< the tests of the IID track
  std::vector<unsigned> kept_bits{};         ///< of wider samples: the bits looked at, most significant first
  std::vector<AssessmentRecord> refuted{};   ///< the IID assessment that refuted an operator's claim: one or none

  /// The estimate that sets min_entropy; nullptr when none ran.
  [[nodiscard]] const EstimateRecord* binding() const noexcept;
};

/// `{"track":"non-iid","samples":…,"bits":…,"alphabet":…,"complete":…,"h_original":…,"h_bitstring":…,
/// "min_entropy":…,"binding":{…},"estimators":[{"id":…,"data":…,"min_entropy":…,…}]}`; for the IID track "seed",
/// "rounds", "full", "passed", "borderline" and "tests" instead of "complete" and "binding". "data", "bit_limit",
/// "windows", "kept_bits" and "refuted_iid_claim" where they say something.
Json to_json(const AssessmentRecord& record);

/// Takes an assessment's members and leaves others to the caller, who ends with reader.finish().
/// Throws Error(malformed) with the path of what is missing, of another type or out of range.
AssessmentRecord take_assessment(ObjectReader& reader);

/// The same where no other member may be.
AssessmentRecord assessment_from(ObjectReader reader);

}  // namespace lightseed
