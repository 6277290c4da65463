// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "evidence/health_record.h"

namespace lightseed::health {

/// A stretch of samples in the width they are kept in: samples of 8-bit containers as they came, all others as 16-bit
/// words. A test visits it with one generic function.
using Samples = std::variant<std::span<const std::uint8_t>, std::span<const std::uint16_t>>;

/// Why a test raised its alarm.
struct Failure {
  std::size_t index = 0;  ///< in the samples that were fed: the one that completes the failure
  std::string words;      ///< "a value came 6 times in a row"
};

/// A continuous health test: what a gate holds a list of, and what a source may bring along for its own physics.
///
/// Implemented by SP 800-90B's two tests, and by monitors that know more of a source than that its samples differ.
/// A test is fed the whole stream, in whole windows, start-up tests included. It is used from one thread at a time.
class HealthTest {
 public:
  virtual ~HealthTest() = default;

  /// Samples it judges at a time: feed() gets multiples of it. From 1 to 2^20.
  [[nodiscard]] virtual std::size_t window() const noexcept = 0;

  /// Samples after a restart before its opinion counts: no start-up test is shorter.
  [[nodiscard]] virtual std::size_t start_up_samples() const noexcept { return 0; }

  /// Forgets the stream: the next samples do not follow those before.
  virtual void restart() = 0;

  /// Judges the next samples. The first failure, or nothing; after one the test is restarted before it is fed again.
  [[nodiscard]] virtual std::optional<Failure> feed(const Samples& samples) = 0;

  /// Its name, settings, false-alarm rate and readings.
  [[nodiscard]] virtual HealthTestRecord record() const = 0;

 protected:
  HealthTest() = default;
  HealthTest(const HealthTest&) = default;
  HealthTest& operator=(const HealthTest&) = default;
};

}  // namespace lightseed::health
