// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace lightseed {

/// What made a sample.
enum class Cause : std::uint8_t { photon, dark, afterpulse, crosstalk, noise, fault };

/// What made a sample, and what the adversary is granted about it: a line of the oracle's record.
struct Trace {
  double classical = 0;     ///< the side information e, in the model's unit
  std::uint16_t guess = 0;  ///< the code an adversary who knows e, the model and all before would name
  Cause cause = Cause::photon;
  std::uint32_t faults = 0;  ///< bit k: fault k of the source's list is active
};

/// Takes the traces of the samples a read delivers, in order.
using Oracle = std::function<void(std::span<const Trace>)>;

/// What a source is as well when it knows how each of its samples came about: a simulated one can, no device does.
class Explained {
 public:
  virtual ~Explained() = default;
  /// From now on every sample is explained. Throws Error(usage) where the source is set to draw without causes.
  virtual void explain_to(Oracle oracle) = 0;
  /// Names of the faults that the bits of Trace::faults stand for, the lowest first.
  [[nodiscard]] virtual std::vector<std::string> fault_names() const = 0;

 protected:
  Explained() = default;
  Explained(const Explained&) = default;
  Explained& operator=(const Explained&) = default;
};

}  // namespace lightseed
