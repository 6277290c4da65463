// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/infnoise/loop_gain.h"

#include <cmath>
#include <utility>
#include <variant>

#include "evidence/faults.h"

namespace lightseed::infnoise {

std::optional<health::Failure> LoopGain::feed(const health::Samples& samples) {
  return std::visit(
      [this](const auto& bits) -> std::optional<health::Failure> {
        for (std::size_t i = 0; i < bits.size(); ++i) {
          static_cast<void>(loop_.observe(static_cast<unsigned>(i % 2), bits[i] != 0));
          if ((i + 1) % window_bits != 0) continue;
          static_cast<void>(loop_.age());
          if (auto fault = loop_.run_fault()) return health::Failure{i, std::move(*fault)};
          if (auto fault = loop_.gain_fault()) return health::Failure{i, std::move(*fault)};
        }
        return std::nullopt;
      },
      samples);
}

HealthTestRecord LoopGain::record() const {
  HealthTestRecord record{.id = id, .window = window_bits};
  record.readings = {{"bits", loop_.bits()}, {"longest_run", loop_.worst_run()}};
  if (loop_.weight() > 0) {
    record.readings["entropy_per_bit"] = loop_.entropy();
    record.readings["gain"] = gain_of(loop_.entropy());
  }
  return record;
}

std::vector<std::string> faults_of_loop_gain(const HealthTestRecord& record) {
  Faults faults;
  faults.unless(record.window == LoopGain::window_bits && !record.cutoff && !record.alpha_log2,
                "the {} test has a window of {} bits, no cut-off and no rate", LoopGain::id, LoopGain::window_bits);
  ObjectReader readings(record.readings, std::string(LoopGain::id) + ".readings");
  const std::uint64_t bits = readings.count("bits");
  const std::uint64_t run = readings.count("longest_run");
  const double entropy = readings.number("entropy_per_bit", 0);
  const double gain = readings.number("gain", 0);
  readings.finish();
  faults.unless(bits >= LoopEntropy::warm_up_bits, "the loop's gain was measured on {} bits, too few to begin with",
                bits);
  faults.unless(run <= LoopEntropy::longest_run, "{} equal bits in a row would have closed the gate", run);
  faults.unless(is_expected(entropy), "a loop with {} bits of entropy a bit would have closed the gate", entropy);
  faults.unless(std::abs(gain - gain_of(entropy)) < 1e-9, "a gain of {} does not follow from {} bits of entropy a bit",
                gain, entropy);
  return faults.take();
}

}  // namespace lightseed::infnoise
