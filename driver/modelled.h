// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

namespace lightseed {

/// How often a model has each code come.
struct ModelLaw {
  std::vector<double> shares;  ///< of the codes 0 to 2^bits - 1; they sum to 1
  double counted_on = 0;       ///< samples of a healthy source that they were counted on; 0: computed
};

/// What a source is as well when it knows how its healthy samples are distributed: a simulated one, and a device by its
/// calibration. A report draws the raw samples of a run against it.
class Modelled {
 public:
  virtual ~Modelled() = default;
  /// Nothing where the model's law changes in time.
  [[nodiscard]] virtual std::optional<ModelLaw> law() const = 0;

 protected:
  Modelled() = default;
  Modelled(const Modelled&) = default;
  Modelled& operator=(const Modelled&) = default;
};

}  // namespace lightseed
