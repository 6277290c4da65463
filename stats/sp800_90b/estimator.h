// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "evidence/assessment_record.h"
#include "stats/input/bit_string.h"
#include "stats/sp800_90b/non_iid/repeat_census.h"

namespace lightseed::sp800_90b {

using namespace stats;  // what all batteries share: input, bit strings, histograms

using View = DataView;
using Estimate = EstimateRecord;

/// One view of the data as an estimator gets it: bits where there are two symbols, else the symbols.
class ViewedData {
 public:
  /// What is referred to must stay. `alphabet` above two.
  ViewedData(std::span<const std::uint8_t> symbols, unsigned alphabet) : symbols_(symbols), alphabet_(alphabet) {}
  explicit ViewedData(const BitString& bits) : bits_(&bits) {}

  [[nodiscard]] bool binary() const noexcept { return bits_ != nullptr; }
  [[nodiscard]] unsigned alphabet() const noexcept { return alphabet_; }
  [[nodiscard]] std::size_t size() const noexcept { return bits_ != nullptr ? bits_->size() : symbols_.size(); }
  [[nodiscard]] const BitString& bits() const noexcept { return *bits_; }
  [[nodiscard]] std::span<const std::uint8_t> symbols() const noexcept { return symbols_; }

  /// How often strings repeat: the main step of two estimators, taken once. From one thread at a time.
  [[nodiscard]] const RepeatCensus& census() const;

 private:
  const BitString* bits_ = nullptr;
  std::span<const std::uint8_t> symbols_;
  unsigned alphabet_ = 2;
  mutable std::optional<RepeatCensus> census_;
};

/// What is known of a view without its data: enough to recompute an estimate from the counts it states.
struct ViewShape {
  std::uint64_t length = 0;
  unsigned alphabet = 2;
};

/// Where the text of the standard and NIST's tool differ, who is followed.
struct Rules {
  bool as_written = false;  ///< the text (MultiMMC, step 4d)
};

/// An estimator that sees its data once, in pieces.
class OnePass {
 public:
  virtual ~OnePass() = default;
  /// The next samples, one a byte, and the same as bits; every piece but the last has a multiple of six bits.
  virtual void add(std::span<const std::uint8_t> raw, const BitString& bits) = 0;
  [[nodiscard]] virtual Estimate result() const = 0;

 protected:
  OnePass() = default;
  OnePass(const OnePass&) = default;
  OnePass& operator=(const OnePass&) = default;
};

/// Everything the house knows about an estimator of SP 800-90B 6.3. The assessment, the streamed one, the report and
/// the check of a stranger's assessment follow these records; a new estimator is one of them (estimators.cpp).
struct Estimator {
  std::string_view id;
  std::string_view clause;     ///< of SP 800-90B
  std::string_view looks_for;  ///< half a sentence: "one value that comes too often"
  std::size_t least = 2;       ///< symbols it needs
  bool bits_only = false;      ///< defined for binary data alone
  /// The id of the estimator before it in the table whose main step it shares, so that one thread does both.
  std::string_view shares_step_with{};

  /// Data of `least` symbols or more. The caller fills in the view.
  Estimate (*run)(const ViewedData& data, const Rules& rules) = nullptr;

  /// The estimate that follows from the counts in `stated`, every number of it made anew where it can be; nothing when
  /// numbers are missing or could come from no data of that shape.
  std::optional<Estimate> (*recompute)(const Estimate& stated, const ViewShape& shape) = nullptr;

  /// Whether data of that shape, long enough, may leave it without a result; nullptr: never.
  bool (*may_lack)(const ViewShape& shape) = nullptr;

  /// Where it needs one pass and no memory to speak of: a counter for that view. nullptr: it needs its data in memory.
  std::unique_ptr<OnePass> (*one_pass)(View view) = nullptr;
};

/// A OnePass of a class that counts bits, with add(BitString) and result(); estimate_of(result) names its numbers.
template <typename Count>
class CountedBits : public OnePass {
 public:
  void add(std::span<const std::uint8_t>, const BitString& bits) override { count_.add(bits); }
  [[nodiscard]] Estimate result() const override { return estimate_of(count_.result()); }
  static std::unique_ptr<OnePass> make(View) { return std::make_unique<CountedBits>(); }

 private:
  Count count_;
};

}  // namespace lightseed::sp800_90b
