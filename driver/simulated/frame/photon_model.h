// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/sample_format.h"
#include "driver/explained.h"
#include "driver/simulated/frame/dice.h"
#include "driver/simulated/frame/fault_schedule.h"
#include "driver/simulated/frame/gaussian_stream.h"
#include "driver/simulated/frame/parameters.h"
#include "driver/switchable_light.h"
#include "evidence/model_claim.h"

namespace lightseed::simulated {

/// What a model says of itself without drawing one sample.
struct Analytic {
  ModelClaim entropy;
  double claim = 0;    ///< bits a sample that may be claimed; never more than entropy.average_conditional
  std::string method;  ///< how the claim follows, with its source
  std::vector<std::string> assumptions;
};

/// The physics of a simulated source, and nothing else: seed, restarts, faults behind the converter, URI and reading
/// are the frame's (simulated_source.h).
///
/// Samples come about in one of two ways. A model whose samples do not depend on each other may state their laws; the
/// frame then draws codes from a table, a word each. One whose samples are those of a Gaussian process states that. And
/// every model can draw the long way, photon by photon, noise and
/// converter in turn: that is what faults and the oracle need, and what tests compare the laws with.
class PhotonModel {
 public:
  virtual ~PhotonModel() = default;

  [[nodiscard]] virtual SampleFormat format() const = 0;
  [[nodiscard]] virtual Analytic analytic() const = 0;

  /// Probabilities of the codes; several laws where pixels differ. Empty: samples depend on each other.
  [[nodiscard]] virtual std::vector<std::vector<double>> laws() const { return {}; }
  /// The law of sample i is laws()[pattern[i % size]]; empty where there is one law.
  [[nodiscard]] virtual std::vector<std::uint8_t> pattern() const { return {}; }

  /// What samples depend on each other by, where laws() is empty because of a finite bandwidth: then the frame draws
  /// them block by block (gaussian_stream.h).
  [[nodiscard]] virtual std::optional<GaussianLaw> gaussian_law() const { return std::nullopt; }

  /// Healthy samples have one law at all times: no hum, no drift.
  [[nodiscard]] virtual bool steady() const { return true; }

  /// How its light can be dimmed: by one of its own faults whose size is the share of light that is lost. Nothing: a
  /// calibration could not make sense of it.
  struct Dimmer {
    std::size_t fault;
    LightNoise noise;
  };
  [[nodiscard]] virtual std::optional<Dimmer> dimmer() const { return std::nullopt; }

  /// What a photodiode would see that taps its light, as a part of the usual power, under faults of the model's own
  /// list. Nothing: there is no light to tap.
  [[nodiscard]] virtual std::optional<double> optical_power(const Strengths&) const { return std::nullopt; }

  /// Power is switched on: past samples are forgotten.
  virtual void restart(Dice& dice) = 0;
  /// The next codes, the long way, under faults of the model's own list. `traces` is empty or as long as `codes`.
  /// Returns how many were drawn: none when the detectors have fallen silent, fewer when that or more would take long.
  virtual std::size_t draw(Dice& dice, const Strengths& faults, std::span<std::uint16_t> codes,
                           std::span<Trace> traces) = 0;

 protected:
  PhotonModel() = default;
  PhotonModel(const PhotonModel&) = default;
  PhotonModel& operator=(const PhotonModel&) = default;
};

/// A row of the table of models (models.cpp).
struct ModelKind {
  std::string name;     ///< "sim:homodyne"
  std::string summary;  ///< one line for a person
  std::vector<Parameter> parameters;
  std::vector<FaultKind> faults;
  /// Throws Error(usage) for parameters that are impossible together.
  std::function<std::unique_ptr<PhotonModel>(const Parameters&, std::uint64_t seed)> make;
};

}  // namespace lightseed::simulated
