// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

#include "driver/modelled.h"
#include "driver/optical_power.h"
#include "driver/registry.h"
#include "driver/simulated/frame/alias_table.h"
#include "driver/simulated/frame/digital_faults.h"
#include "driver/simulated/frame/photon_model.h"
#include "stats/health/monitored.h"

namespace lightseed::simulated {

/// A photon model made a Source. Beside the model's own parameters its URI takes
///
///   seed=N      a number of 64 bits; drawn from the operating system where it is missing. It is part of the source's
///               canonical URI and parameters, so that every run can be repeated. Each start() is a restart with a
///               stream of its own
///   path=fast   codes straight from their laws, a table look-up each, or from the law of their process
///   path=full   the long way, photon by photon. Both ways have the same law; the samples differ
///   fault=…     a FaultSchedule
///   faults=FILE more of it, from a file (fault_file.h); the canonical URI says what was in it
///   photodiode=D
///               a photodiode taps the light, and a reading has a noise of D of the usual power; 0: there is none.
///               Samples do not depend on it
///
/// Fast is usual where the model has laws, or that of a process, and none of its own faults is scheduled. How reads are
/// cut never changes the samples. The provenance is `simulated`, whatever happens.
class SimulatedSource final : public Source,
                              public Explained,
                              public SwitchableLight,
                              public Modelled,
                              public OpticalPowerMeter,
                              public health::Monitored {
 public:
  /// `kind` must outlive the source. Throws Error(usage).
  SimulatedSource(const ModelKind& kind, SourceUri uri);

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }
  [[nodiscard]] bool waits() const noexcept override { return false; }
  void start(const Patience& patience) override;
  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override;
  void stop() noexcept override { dice_.reset(); }

  /// The monitors of the model's own law (stats/health/monitors/), and of its photodiode.
  [[nodiscard]] std::vector<std::unique_ptr<health::HealthTest>> make_health_tests() override;

  /// Of healthy samples, whatever faults are scheduled.
  [[nodiscard]] std::optional<ModelLaw> law() const override;

  [[nodiscard]] std::optional<LightNoise> light_noise() const override;
  void set_light(double power) override;
  [[nodiscard]] Json calibrated_settings() const override;

  [[nodiscard]] bool measures_optical_power() const override { return photodiode_ > 0; }
  [[nodiscard]] double optical_power() override;

  [[nodiscard]] const Analytic& analytic() const noexcept { return analytic_; }
  [[nodiscard]] const FaultSchedule& faults() const noexcept { return faults_; }
  /// Throws Error(usage) on the fast path, which knows no causes.
  void explain_to(Oracle oracle) override;
  [[nodiscard]] std::vector<std::string> fault_names() const override;

 private:
  static constexpr std::size_t chunk = 4096;  ///< samples drawn at once

  const ModelKind& kind_;
  std::uint64_t seed_;
  Parameters parameters_;
  std::unique_ptr<PhotonModel> model_;
  FaultSchedule faults_;
  double photodiode_;  ///< noise of a reading, as a part of the usual power; 0: there is none
  SampleFormat format_;
  Analytic analytic_;
  bool fast_;
  DigitalFaults digital_;
  std::optional<AliasTable> table_;
  std::vector<std::uint8_t> pattern_;
  std::optional<GaussianLaw> gaussian_;  ///< of the fast path, where there is no table
  Oracle oracle_;
  double light_ = 1;  ///< of the usual power
  SourceInfo info_;

  // Since the last start:
  std::uint64_t restarts_ = 0;
  std::uint64_t position_ = 0;  ///< samples drawn
  std::optional<Keystream> stream_;
  std::optional<GaussianStream> process_;
  std::optional<Dice> dice_;
  std::optional<Dice> meter_;  ///< the photodiode's noise

  std::array<std::uint32_t, chunk> words_{};
  std::array<std::uint16_t, chunk> codes_{};
  std::array<std::uint8_t, chunk> rows_{};
  std::vector<Trace> traces_;

  bool choose_path(SourceUri& uri) const;
  void describe();
  [[nodiscard]] bool plain() const noexcept;
  [[nodiscard]] Strengths own_strengths(std::uint64_t sample) const;
  void draw_plain(std::span<std::byte> out, std::size_t samples);
  std::size_t draw_codes(std::span<std::uint16_t> codes);
  std::size_t draw_stretch(std::span<std::uint16_t> codes, std::span<Trace> traces);
};

/// A source for the registry. `kind` must outlive it.
SourceDriver driver_of(const ModelKind& kind);

}  // namespace lightseed::simulated
