// SPDX-License-Identifier: Apache-2.0
#include "evidence/restart_record.h"

namespace lightseed {
namespace {

Json to_json(const RestartDataRecord& data) {
  return {{"most_frequent", data.most_frequent},
          {"min_entropy", data.min_entropy},
          {"assessment", to_json(data.assessment)}};
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

}  // namespace lightseed
