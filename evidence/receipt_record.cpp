// SPDX-License-Identifier: Apache-2.0
#include "evidence/receipt_record.h"

#include "evidence/hex_member.h"

namespace lightseed {
Json to_json(const ReceiptRecord& record) {
  Json rejected = Json::array();
  for (const RejectedSim& sim : record.rejected)
    rejected.push_back({{"iccid", sim.iccid}, {"reason", sim.reason}});
  return Json{{"schema", receipt_schema},
              {"batch", record.batch},
              {"side", record.outlet},
              {"certificate_sha256", record.certificate_sha256},
              {"merkle_root", record.merkle_root},
              {"leaves_sha256", record.leaves_sha256},
              {"moment", record.moment},
              {"sims", record.sims},
              {"rejected", std::move(rejected)}};
}

ReceiptRecord receipt_record_from(ObjectReader reader) {
  reader.literal("schema", receipt_schema);
  ReceiptRecord record;
  record.batch = reader.text("batch");
  record.outlet = reader.text("side");
  record.certificate_sha256 = take_sha256(reader, "certificate_sha256");
  record.merkle_root = take_sha256(reader, "merkle_root");
  record.leaves_sha256 = take_sha256(reader, "leaves_sha256");
  record.moment = reader.text("moment");
  record.sims = reader.count("sims", 1);
  for (ObjectReader& sim : reader.objects("rejected", most_rejected_sims)) {
    RejectedSim one{.iccid = sim.text("iccid"), .reason = sim.text("reason")};
    sim.finish();
    if (!record.rejected.empty() && record.rejected.back().iccid >= one.iccid)
      reader.fail("rejected", "its SIMs are not in the order of their ICCIDs, each once");
    record.rejected.push_back(std::move(one));
  }
  if (record.rejected.size() > record.sims) reader.fail("rejected", "it has more SIMs than the batch");
  reader.finish();
  return record;
}

}  // namespace lightseed
