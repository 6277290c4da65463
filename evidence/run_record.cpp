// SPDX-License-Identifier: Apache-2.0
#include "evidence/run_record.h"

#include <fmt/format.h>

namespace lightseed {

std::string reason_for_calibrated_model(double claimed, double measured) {
  return fmt::format(
      "by the operator's policy: a calibration of this unit that was valid, and monitors with its limits that raised "
      "no "
      "alarm, stand behind {:.6f} bits a sample; the measurement of {:.6f} is what estimators see of the codes alone",
      claimed, measured);
}

Json to_json(const RunRecord& record) {
  Json source = to_json(record.source);
  source["started"] = record.started;
  source["stopped"] = record.stopped;
  source["raw_bytes"] = record.raw_bytes;
  source["status"] = record.status;
  Json entropy{{"measured", to_json(record.measured)}, {"assessed_sha256", record.assessed_sha256}};
  if (record.binding) entropy["binding"] = {{"binds", record.binding->binds}, {"why", record.binding->why}};
  return Json{{"source", std::move(source)},
              {"entropy", std::move(entropy)},
              {"health", to_json(record.gate)},
              {"extraction", to_json(record.extraction)}};
}

RunRecord take_run_record(ObjectReader& reader) {
  RunRecord record;
  ObjectReader source = reader.object("source");
  record.source = take_source_info(source);
  record.started = source.text("started");
  record.stopped = source.text("stopped");
  record.raw_bytes = source.count("raw_bytes");
  record.status = source.free_object("status");
  source.finish();
  ObjectReader entropy = reader.object("entropy");
  record.measured = min_entropy_from(entropy.object("measured"));
  record.assessed_sha256 = entropy.text("assessed_sha256");
  if (entropy.has("binding")) {
    ObjectReader binding = entropy.object("binding");
    record.binding = BindingRecord{.binds = binding.text("binds"), .why = binding.text("why")};
    binding.finish();
  }
  entropy.finish();
  record.gate = gate_record_from(reader.object("health"));
  record.extraction = extraction_record_from(reader.object("extraction"));
  return record;
}

}  // namespace lightseed
