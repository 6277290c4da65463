// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "provision/ledger/ledger.h"

namespace lightseed::test {

inline BatchRecord sample_batch(const std::string& id, const std::string& order) {
  BatchRecord record;
  record.id = id;
  record.order_id = order;
  record.request = "{}";
  record.directory = "/somewhere";
  record.created = "2026-01-01T00:00:00Z";
  return record;
}

inline BlockEntry sample_block(unsigned char id, const std::string& iccid) {
  BlockEntry entry;
  entry.id.fill(std::byte{id});
  entry.iccid = iccid;
  entry.file = 1;
  return entry;
}

/// To CERTIFIED, at the position the ledger is at.
inline void certify(Ledger& ledger, const std::string& batch, std::uint64_t blocks, const std::string& digest = "abc") {
  ledger.certify(
      batch,
      {.purpose = "TEST", .certificate_sha256 = digest, .blocks = blocks, .position = ledger.position().value()});
}

/// A batch with one block for the SIM, ISSUED.
inline void issue_one(Ledger& ledger, const std::string& batch, const std::string& order, unsigned char block,
                      const std::string& iccid) {
  ledger.begin(sample_batch(batch, order));
  const BlockEntry blocks[] = {sample_block(block, iccid)};
  ledger.add_blocks(batch, blocks);
  certify(ledger, batch, 1);
  ledger.issue(batch);
}

}  // namespace lightseed::test
