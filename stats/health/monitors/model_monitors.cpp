// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "evidence/faults.h"
#include "evidence/object_reader.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

struct MonitorKind {
  std::string_view id;
  std::unique_ptr<HealthTest> (*make)(const Reference&, double alpha_log2);
  double alpha_log2;             ///< of a block
  bool of_bits;                  ///< where samples are single bits, too
  std::optional<double> high{};  ///< the upper limit, where it is the same for all sources
  double least_claim = 0;        ///< bits a sample
};

/// All together: less than one false alarm in 2^37 healthy samples, 1.4 * 10^11.
constexpr std::array<MonitorKind, 9> kinds{{{"model-mean", mean_monitor, -32, true},
                                            {"model-variance", variance_monitor, -32, false},
                                            {"model-correlation", correlation_monitor, -32, true},
                                            {"model-spectrum", spectrum_monitor, -22, true, 1},
                                            {"model-bit-bias", bit_bias_monitor, -32, true, 1},
                                            {"model-saturation", saturation_monitor, -32, false},
                                            {"model-replay", replay_monitor, -40, true, 0, least_claim_for_replay},
                                            {"model-drift", drift_monitor, -32, true},
                                            {youngest_monitor, codes_monitor, -32, false, 1}}};

const MonitorKind* kind_of(std::string_view id) {
  const auto* const kind = std::find_if(kinds.begin(), kinds.end(), [&](const MonitorKind& k) { return k.id == id; });
  return kind == kinds.end() ? nullptr : kind;
}

}  // namespace

std::vector<std::unique_ptr<HealthTest>> model_monitors(const Reference& reference) {
  std::vector<std::unique_ptr<HealthTest>> monitors;
  for (const MonitorKind& kind : kinds) {
    if (auto monitor = kind.make(reference, kind.alpha_log2)) monitors.push_back(std::move(monitor));
  }
  return monitors;
}

std::vector<std::string_view> model_monitor_names(unsigned bits, double claim) {
  std::vector<std::string_view> names;
  for (const MonitorKind& kind : kinds)
    if ((bits > 1 || kind.of_bits) && claim >= kind.least_claim) names.push_back(kind.id);
  return names;
}

bool are_model_monitors(std::span<const std::string_view> names, unsigned bits, double claim) {
  std::vector<std::string_view> wanted = model_monitor_names(bits, claim);
  if (std::ranges::equal(names, wanted)) return true;
  std::erase(wanted, youngest_monitor);
  return std::ranges::equal(names, wanted);
}

bool is_model_monitor(std::string_view id) {
  return kind_of(id) != nullptr;
}

std::vector<std::string> faults_of_model_monitor(const HealthTestRecord& record) {
  Faults faults;
  const MonitorKind* const kind = kind_of(record.id);
  if (kind == nullptr) {
    faults.unless(false, "{:.60} is no monitor of a model", record.id);
    return faults.take();
  }
  faults.unless(record.window == monitor_block && !record.cutoff && record.alpha_log2 == kind->alpha_log2,
                "the {} monitor has blocks of {} samples, no cut-off and a rate of 2^{}", kind->id, monitor_block,
                kind->alpha_log2);
  ObjectReader readings(record.readings, record.id + ".readings");
  const std::uint64_t blocks = readings.count("blocks", 1);
  const double low = readings.number("low");
  const double high = readings.number("high", low);
  const double lowest = readings.number("lowest");
  const double highest = readings.number("highest", lowest);
  const double last = readings.number("last", lowest, highest);
  readings.finish();
  const bool has_low = kind->id == "model-mean" || kind->id == "model-variance";
  faults.unless((has_low || low == 0) && (!kind->high || high == *kind->high),
                "{}: limits of {} and {} are not this monitor's", kind->id, low, high);
  faults.unless(low <= lowest && highest <= high, "{}: readings from {} to {} would have closed the gate", kind->id,
                lowest, highest);
  faults.unless(blocks > 1 || (lowest == last && last == highest), "{}: one block has one reading", kind->id);
  return faults.take();
}

}  // namespace lightseed::health
