// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gate_history.h"

#include <algorithm>

namespace lightseed {
namespace {

/// Start-up tests that failed are not counted in a record; their alarms say where they were.
std::uint64_t looked_at(const HealthRecord& record) {
  std::uint64_t samples =
      record.start_up_tests_passed * record.start_up_samples + record.samples_admitted + record.samples_discarded;
  for (const HealthAlarm& alarm : record.alarms)
    samples = std::max(samples, alarm.sample);
  return samples;
}

std::optional<double> reading(const HealthTestRecord& test, const char* name) {
  const auto found = test.readings.find(name);
  return found != test.readings.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

}  // namespace

GateHistory::Test& GateHistory::test_of(const std::string& member, const std::string& id) {
  const auto found = std::find_if(tests_.begin(), tests_.end(),
                                  [&](const Test& test) { return test.member == member && test.id == id; });
  if (found != tests_.end()) return *found;
  return tests_.emplace_back(Test{.member = member, .id = id});
}

void GateHistory::note(const std::string& member, const HealthRecord& record, bool keep) {
  const std::uint64_t now = looked_at(record);
  samples_ = std::max(samples_, now);
  for (const HealthTestRecord& test : record.tests) {
    Test& mine = test_of(member, test.id);
    mine.low = reading(test, "low");
    mine.high = reading(test, "high");
    const auto last = reading(test, "last");
    const bool anew = mine.readings.empty() || mine.readings.back().sample < now;
    if (last && anew && keep) mine.readings.push_back({now, *last});
    mine.alarms.clear();
  }
  for (const HealthAlarm& alarm : record.alarms)
    test_of(member, alarm.test).alarms.push_back(alarm);
}

void GateHistory::note(const GateRecord& record) {
  const bool keep = notes_++ % every_ == 0;
  if (record.members.empty()) note("", record.health, keep);
  for (const GatedMember& member : record.members)
    note(member.uri, member.health, keep);
  const bool full =
      std::any_of(tests_.begin(), tests_.end(), [](const Test& test) { return test.readings.size() >= most_readings; });
  if (full) thin_out();
}

void GateHistory::thin_out() {
  every_ *= 2;
  for (Test& test : tests_) {
    std::size_t kept = 0;
    for (std::size_t k = 0; k < test.readings.size(); k += 2)
      test.readings[kept++] = test.readings[k];
    test.readings.resize(kept);
  }
}

Json to_json(const GateHistory& history) {
  Json tests = Json::array();
  for (const GateHistory::Test& test : history.tests()) {
    Json one = Json::object();
    if (!test.member.empty()) one["member"] = test.member;
    one["id"] = test.id;
    if (test.low && test.high) {
      one["low"] = *test.low;
      one["high"] = *test.high;
      one["readings"] = Json::array();
      for (const GateHistory::Reading& reading : test.readings)
        one["readings"].push_back({reading.sample, reading.value});
    }
    one["alarms"] = Json::array();
    for (const HealthAlarm& alarm : test.alarms)
      one["alarms"].push_back({{"sample", alarm.sample}, {"words", alarm.words}});
    tests.push_back(std::move(one));
  }
  return {{"samples", history.samples()}, {"tests", std::move(tests)}};
}

}  // namespace lightseed
