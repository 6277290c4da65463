// SPDX-License-Identifier: Apache-2.0
#include "evidence/ledger_record.h"

#include "evidence/hex_member.h"

namespace lightseed {

Json to_json(const LedgerPosition& position) {
  return Json{{"id", position.ledger_id}, {"sequence", position.sequence}, {"chain_head", position.chain_head}};
}

LedgerPosition ledger_position_from(ObjectReader reader) {
  LedgerPosition position;
  position.ledger_id = reader.text("id");
  position.sequence = reader.count("sequence", 1);
  position.chain_head = take_sha256(reader, "chain_head");
  reader.finish();
  return position;
}

Json to_json(const LedgerRecord& record) {
  Json json{
      {"position", to_json(record.position)}, {"first_charges", record.first_charges}, {"top_ups", record.top_ups}};
  if (!record.previous_certificate_sha256.empty())
    json["previous_certificate_sha256"] = record.previous_certificate_sha256;
  return json;
}

LedgerRecord ledger_record_from(ObjectReader reader) {
  LedgerRecord record;
  record.position = ledger_position_from(reader.object("position"));
  record.first_charges = reader.count("first_charges");
  record.top_ups = reader.count("top_ups");
  if (reader.has("previous_certificate_sha256"))
    record.previous_certificate_sha256 = take_sha256(reader, "previous_certificate_sha256");
  reader.finish();
  return record;
}

}  // namespace lightseed
