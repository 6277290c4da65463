// SPDX-License-Identifier: Apache-2.0
#include "evidence/health_record.h"

#include <fmt/format.h>

#include <utility>

namespace lightseed {
namespace {

constexpr std::size_t most_tests = 100;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json to_json(const HealthTestRecord& test) {
  return Json{{"id", test.id},
              {"window", test.window},
              {"cutoff", or_null(test.cutoff)},
              {"alpha_log2", or_null(test.alpha_log2)},
              {"readings", test.readings}};
}

Json to_json(const HealthAlarm& alarm) {
  return Json{
      {"test", alarm.test}, {"sample", alarm.sample}, {"words", alarm.words}, {"at_start_up", alarm.at_start_up}};
}

Json to_json(const RecoveryRecord& recovery) {
  return Json{{"words", recovery.words}, {"sample", recovery.sample}, {"at_start_up", recovery.at_start_up}};
}

HealthTestRecord health_test_from(ObjectReader reader) {
  HealthTestRecord test;
  test.id = reader.text("id");
  test.window = reader.count("window", 1);
  if (!reader.null("cutoff")) test.cutoff = reader.count("cutoff", 1);
  test.alpha_log2 = reader.number_or_null("alpha_log2");
  test.readings = reader.free_object("readings");
  reader.finish();
  return test;
}

HealthAlarm alarm_from(ObjectReader reader) {
  HealthAlarm alarm;
  alarm.test = reader.text("test");
  alarm.sample = reader.count("sample");
  alarm.words = reader.text("words");
  alarm.at_start_up = reader.flag("at_start_up");
  reader.finish();
  return alarm;
}

RecoveryRecord recovery_from(ObjectReader reader) {
  RecoveryRecord recovery;
  recovery.words = reader.text("words");
  recovery.sample = reader.count("sample");
  recovery.at_start_up = reader.flag("at_start_up");
  reader.finish();
  return recovery;
}

template <typename Record>
Json health_list_of(const std::vector<Record>& records) {
  Json list = Json::array();
  for (const Record& record : records)
    list.push_back(to_json(record));
  return list;
}

}  // namespace

Json to_json(const HealthRecord& record) {
  return Json{{"standard", record.standard},
              {"claim_bits_per_sample", record.claim},
              {"alpha_log2", record.alpha_log2},
              {"tests", health_list_of(record.tests)},
              {"start_up_samples", record.start_up_samples},
              {"start_up_tests_passed", record.start_up_tests_passed},
              {"samples_admitted", record.samples_admitted},
              {"samples_discarded", record.samples_discarded},
              {"alarms", health_list_of(record.alarms)},
              {"recoveries", health_list_of(record.recoveries)},
              {"running", record.running}};
}

HealthRecord health_record_from(ObjectReader reader) {
  HealthRecord record;
  record.standard = reader.text("standard");
  record.claim = reader.number("claim_bits_per_sample", 0);
  record.alpha_log2 = reader.number("alpha_log2");
  for (ObjectReader& test : reader.objects("tests", most_tests))
    record.tests.push_back(health_test_from(std::move(test)));
  record.start_up_samples = reader.count("start_up_samples");
  record.start_up_tests_passed = reader.count("start_up_tests_passed");
  record.samples_admitted = reader.count("samples_admitted");
  record.samples_discarded = reader.count("samples_discarded");
  for (ObjectReader& alarm : reader.objects("alarms"))
    record.alarms.push_back(alarm_from(std::move(alarm)));
  for (ObjectReader& recovery : reader.objects("recoveries"))
    record.recoveries.push_back(recovery_from(std::move(recovery)));
  record.running = reader.flag("running");
  reader.finish();
  return record;
}

}  // namespace lightseed
