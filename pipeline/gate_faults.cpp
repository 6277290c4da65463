// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gate_faults.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/checked.h"
#include "driver/devices/infnoise/loop_gain.h"
#include "evidence/faults.h"
#include "evidence/json_text.h"
#include "pipeline/calibrated_source.h"
#include "pipeline/pool_members.h"
#include "stats/health/dark_check.h"
#include "stats/health/monitors/monitors.h"
#include "stats/health/monitors/optical_power.h"
#include "stats/health/record_faults.h"

namespace lightseed {
namespace {

/// A test that a kind of source brings to the gate, and how its record is judged again where the gate was open.
struct KnownMonitor {
  std::string_view id, driver;
  std::vector<std::string> (*faults)(const HealthTestRecord&);
};

constexpr KnownMonitor known_monitors[] = {
    {infnoise::LoopGain::id, "usb:infnoise", infnoise::faults_of_loop_gain},
};

/// A test that speaks once a block of samples: where nothing interrupted the run, it has judged every whole block of
/// it.
void check_blocks(const HealthRecord& record, const HealthTestRecord& test, Faults& faults) {
  const std::uint64_t looks = health::interrupting_dark_checks_in(record.tests);
  const std::uint64_t seen = record.start_up_samples * (looks + 1) + record.samples_admitted + record.samples_discarded;
  const bool uninterrupted = record.alarms.empty() && record.recoveries.empty() && record.samples_discarded == 0;
  const Json& blocks = test.readings["blocks"];
  const std::uint64_t whole = seen / health::monitor_block;
  // A look in the dark ends a stretch of samples: what was there of a block is forgotten.
  faults.unless(!uninterrupted || (blocks <= Json(whole) && blocks >= Json(whole - std::min(looks, whole))),
                "the {} monitor judged {} blocks, and {} samples have {}", test.id, json_text(blocks), seen, whole);
}

/// Monitors of a model's law come all together or not at all: certificates from before there were any have none.
void check_model_monitors(const HealthRecord& record, const SourceInfo& source, Faults& faults) {
  std::vector<std::string_view> said;
  for (const HealthTestRecord& test : record.tests) {
    if (!health::is_model_monitor(test.id)) continue;
    said.emplace_back(test.id);
    if (!record.running) continue;
    faults.add(health::faults_of_model_monitor(test));
    check_blocks(record, test, faults);
  }
  if (said.empty()) return;
  faults.unless(source.driver.starts_with("sim:") || is_calibrated(source),
                "{:.60} has no model, and monitors of one are on record", source.driver);
  faults.unless(health::are_model_monitors(said, source.format.bits, source.claim.bits_per_sample),
                "the monitors on record are not those that this source has");
}

/// A photodiode's readings are on record where a calibration has limits for them (calibrated_source.h), and of a
/// simulated source that says it has one.
void check_optical_power(const HealthRecord& record, const SourceInfo& source, Faults& faults) {
  bool on_record = false;
  for (const HealthTestRecord& test : record.tests) {
    if (test.id != health::optical_power_monitor_id) continue;
    on_record = true;
    if (!record.running) continue;
    faults.add(health::faults_of_optical_power_monitor(test));
    check_blocks(record, test, faults);
  }
  if (is_calibrated(source)) return;
  const bool simulated = source.driver.starts_with("sim:");
  faults.unless(simulated || !on_record, "{:.60} has no calibration, and its optical power was judged", source.driver);
  faults.unless(!simulated || on_record == source.parameters.contains("photodiode"),
                "{:.200}: readings of a photodiode are said in one place and not in the other", source.uri);
}

/// What a test that nobody knows would have seen cannot be judged. The first two are every gate's, judged elsewhere.
void check_known(const HealthRecord& record, Faults& faults) {
  constexpr std::size_t standard_tests = 2;
  for (std::size_t i = standard_tests; i < record.tests.size(); ++i) {
    const std::string& id = record.tests[i].id;
    const bool known =
        health::is_model_monitor(id) || health::is_dark_check(id) || id == health::optical_power_monitor_id ||
        std::ranges::any_of(known_monitors, [&](const KnownMonitor& monitor) { return id == monitor.id; });
    faults.unless(known, "the health test {:.60} is not known here, and what it saw cannot be judged", json_text(id));
  }
}

void check_monitors(const HealthRecord& record, const SourceInfo& source, Faults& faults) {
  check_known(record, faults);
  for (const HealthTestRecord& test : record.tests) {
    faults.unless(!health::is_dark_check(test.id) || is_calibrated(source),
                  "{:.60} has no calibration, and was looked at in the dark", source.driver);
    for (const KnownMonitor& known : known_monitors) {
      if (test.id != known.id) continue;
      faults.unless(source.driver == known.driver, "{:.60} does not bring the {} test", source.driver, test.id);
      if (record.running) faults.add(known.faults(test));
    }
  }
  check_model_monitors(record, source, faults);
  check_optical_power(record, source, faults);
}

void check_member(const GatedMember& member, const SourceInfo& source, Faults& faults) {
  faults.unless(member.uri == source.uri, "the gate of {:.200} is on record where {:.200} should be", member.uri,
                source.uri);
  faults.unless(!is_calibrated(source), "{}: members of a pool are not calibrated one by one", source.uri);
  for (const std::string& fault : health::faults_of(member.health, source.claim.bits_per_sample, source.format))
    faults.add(fmt::format("{}: {}", source.uri, fault));
  check_monitors(member.health, source, faults);
  faults.unless(member.health.running || member.left || member.health.samples_admitted == 0,
                "{}: its health gate was closed at the end of the run", source.uri);
  faults.unless(!member.left || (!member.left->state.empty() && !member.left->words.empty()),
                "{}: it left without a reason", source.uri);
}

void check_members(const std::vector<GatedMember>& gated, const SourceInfo& pool, std::uint64_t samples,
                   Faults& faults) {
  const std::vector<SourceInfo> sources = members_of(pool);
  if (!faults.unless(gated.size() == sources.size(), "{} members of a pool of {} have a gate", gated.size(),
                     sources.size())) {
    return;
  }
  std::optional<std::uint64_t> admitted = 0;
  for (std::size_t i = 0; i < gated.size(); ++i) {
    check_member(gated[i], sources[i], faults);
    faults.unless(gated[i].health.alpha_log2 == gated.front().health.alpha_log2,
                  "{}: its gate has another false-alarm rate than the first", gated[i].uri);
    if (admitted) admitted = checked_sum(*admitted, gated[i].health.samples_admitted);
  }
  faults.unless(admitted == samples, "the members' gates did not admit the {} samples that were used, all together",
                samples);
}

void check_one(const HealthRecord& record, const SourceInfo& source, std::uint64_t samples, Faults& faults) {
  faults.add(health::faults_of(record, source.claim.bits_per_sample, source.format));
  check_monitors(record, source, faults);
  faults.unless(record.running, "the health gate was closed at the end of the run");
  faults.unless(record.samples_admitted == samples,
                "the health gate admitted {} samples, and {} were assessed or extracted from", record.samples_admitted,
                samples);
}

}  // namespace

std::vector<std::string> gate_faults(const GateRecord& record, const SourceInfo& source, std::uint64_t samples) {
  Faults faults;
  if (record.members.empty()) {
    check_one(record.health, source, samples, faults);
  } else if (faults.unless(source.driver == "pool:", "{:.60} is no pool, and members' gates are on record",
                           source.driver)) {
    check_members(record.members, source, samples, faults);
  }
  return faults.take();
}

}  // namespace lightseed
