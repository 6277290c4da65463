// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "driver/simulated/frame/digital_faults.h"
#include "driver/simulated/frame/simulated_source.h"
#include "driver/simulated/models.h"
#include "stats/health/gate.h"

/// How soon the gate of a simulated source notices its faults, and how often it is wrong about a healthy one: shared by
/// the campaign and by the small share of it that is a test.
namespace lightseed::campaign {

/// Where the gate noticed: samples since the fault set in; nothing where it did not.
struct Detection {
  std::optional<std::uint64_t> samples{};
  std::string test{};
};

/// A source with its gate, started again and again: each start has a stream of its own, so that one source gives as
/// many seeded runs as are wanted.
class Bench {
 public:
  /// `fault` as in a URI, without its beginning: "dc_drift:size=0.1". Empty: healthy.
  Bench(const std::string& model, const std::string& fault, std::uint64_t seed) {
    const auto colon = fault.find(':');
    const std::string name = fault.substr(0, colon), rest = colon == std::string::npos ? "" : fault.substr(colon);
    SourceRegistry sources;
    simulated::add_models(sources);
    std::string uri = model + (model.find('?') == std::string::npos ? "?" : "&") + "seed=" + std::to_string(seed);
    if (!fault.empty()) uri += "&fault=" + name + "@" + std::to_string(onset) + rest;
    source_ = sources.open(uri);
    buffer_.resize(source_->info().format.bytes_for(piece));
  }

  [[nodiscard]] const SourceInfo& info() const { return source_->info(); }
  [[nodiscard]] std::size_t monitors() { return dynamic_cast<health::Monitored&>(*source_).make_health_tests().size(); }

  /// One run: healthy to begin with, through the start-up test and on, at one of 16 places against the blocks; then the
  /// fault, for at most `most` samples.
  Detection run(std::uint64_t number, std::uint64_t most) {
    begin(number % 16 * piece);
    while (looked_at_ < onset + most) {
      if (!feed()) {
        if (gate_->alarm() && looked_at_ > onset) return {looked_at_ - onset, gate_->alarm()->test};
        return gate_->alarm() ? Detection{} : Detection{looked_at_ - onset, "format"};
      }
    }
    return {};
  }

  /// Alarms in so many samples of a source that is well.
  std::uint64_t false_alarms(std::uint64_t samples, std::map<std::string, std::uint64_t>& by_test) {
    std::uint64_t alarms = 0;
    begin(0);
    for (std::uint64_t done = 0; done < samples; done += piece) {
      if (feed()) continue;
      if (!gate_->alarm()) throw Error(Category::internal, info().uri + " fell silent");
      ++alarms;
      ++by_test[gate_->alarm()->test];
      begin(0);
    }
    return alarms;
  }

 private:
  static constexpr std::uint64_t onset = 131072;
  static constexpr std::size_t piece = 4096;

  std::unique_ptr<Source> source_;
  std::unique_ptr<health::HealthGate> gate_;
  std::vector<std::byte> buffer_;
  std::uint64_t looked_at_ = 0;
  std::vector<std::byte> start_up_;

  /// Fills and judges a piece. False after an alarm, or where nothing comes any more.
  bool fill(std::span<std::byte> out) {
    std::size_t done = 0;
    while (done < out.size()) {
      const Read read = source_->read(out.subspan(done), {});
      done += read.bytes;
      if (read.state != ReadState::ok) return false;
    }
    return true;
  }

  void begin(std::uint64_t skip) {
    source_->start({});
    looked_at_ = 0;
    for (std::uint64_t done = 0; done < skip; done += piece)
      if (!fill(buffer_)) throw Error(Category::internal, info().uri + " is silent");
    looked_at_ += skip;
    if (!gate_) {
      gate_ = std::make_unique<health::HealthGate>(
          health::GateSettings{.format = info().format, .min_entropy = info().claim.bits_per_sample, .alpha_log2 = -40},
          dynamic_cast<health::Monitored&>(*source_).make_health_tests());
      start_up_.resize(gate_->start_up_bytes());
    } else {
      gate_->restart();
    }
    if (!fill(start_up_)) throw Error(Category::internal, info().uri + " is silent");
    looked_at_ += info().format.samples_in(start_up_.size());
    if (!gate_->start_up(start_up_)) throw Error(Category::health, health::describe(*gate_->alarm()));
  }

  bool feed() {
    const bool filled = fill(buffer_);
    looked_at_ += piece;
    try {
      return filled && gate_->admit(buffer_);
    } catch (const Error&) {
      return false;  // codes of more bits than the format has: the run ends here
    }
  }
};

/// The faults of a model that are its own and the frame's digital ones, as its table lists them.
inline std::vector<simulated::FaultKind> faults_of(const std::string& model) {
  std::vector<simulated::FaultKind> faults;
  for (const simulated::ModelKind& kind : simulated::models())
    if (model.starts_with(kind.name)) faults = kind.faults;
  for (simulated::FaultKind& fault : simulated::frame_faults())
    if (fault.layer == "digital") faults.push_back(std::move(fault));
  return faults;
}

}  // namespace lightseed::campaign
