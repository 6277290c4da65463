// SPDX-License-Identifier: Apache-2.0
#include "evidence/restart_record.h"

namespace lightseed {
namespace {

Json to_json(const RestartDataRecord& data) {
  return {{"most_frequent", data.most_frequent},
          {"min_entropy", data.min_entropy},
          {"assessment", to_json(data.assessment)}};
}

RestartDataRecord data_from(ObjectReader reader) {
  RestartDataRecord data{.most_frequent = reader.count("most_frequent"),
                         .min_entropy = reader.number("min_entropy", 0, 8)};
  data.assessment = assessment_from(reader.object("assessment"));
  reader.finish();
  return data;
}

}  // namespace

Json to_json(const RestartRecord& record) {
  return {{"track", "restart"},
          {"restarts", record.restarts},
          {"samples_each", record.samples_each},
          {"claim", record.claim},
          {"alpha", record.alpha},
          {"cutoff", record.cutoff},
          {"sanity_check_passed", record.sanity_check_passed},
          {"complete", record.complete},
          {"rows", to_json(record.rows)},
          {"columns", to_json(record.columns)},
          {"passed", record.passed},
          {"min_entropy", record.min_entropy}};
}

RestartRecord take_restart(ObjectReader& reader) {
  reader.literal("track", "restart");
  return {.restarts = reader.count("restarts", 2),
          .samples_each = reader.count("samples_each", 2),
          .claim = reader.number("claim", 0, 8),
          .alpha = reader.number("alpha", 0, 1),
          .cutoff = reader.count("cutoff"),
          .sanity_check_passed = reader.flag("sanity_check_passed"),
          .complete = reader.flag("complete"),
          .rows = data_from(reader.object("rows")),
          .columns = data_from(reader.object("columns")),
          .passed = reader.flag("passed"),
          .min_entropy = reader.number("min_entropy", 0, 8)};
}

}  // namespace lightseed
