// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/blocks.h"

#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "provision/ledger/history.h"

namespace lightseed {

BlocksFigures figures_of_blocks(Database& database, const std::string& batch) {
  auto query = database.prepare("SELECT id, iccid, charge, file FROM block WHERE batch = ? ORDER BY id");
  query.bind(1, batch);
  BlocksDigest digest;
  BlocksFigures figures;
  std::vector<AllotmentEntry> sims;
  for (; query.step(); ++figures.count) {
    const std::string iccid = query.text(1);
    const auto charge = static_cast<std::uint64_t>(query.number(2));
    digest.add(bytes_of(query.text(0)), iccid, charge, static_cast<std::uint64_t>(query.number(3)));
    sims.push_back(AllotmentEntry::of(iccid, charge));
  }
  figures.sha256 = digest.digest();
  figures.allotment = allotment_of(std::move(sims));
  return figures;
}

std::vector<std::uint64_t> insert_blocks(Database& database, const std::string& batch,
                                         std::span<const BlockEntry> blocks) {
  auto last = database.prepare("SELECT coalesce(max(charge), 0) FROM block WHERE iccid = ?");
  auto insert = database.prepare(
      "INSERT INTO block (id, batch, iccid, charge, file, state) VALUES (?, ?, ?, ?, ?, 'GENERATED') "
      "ON CONFLICT (id) DO NOTHING");
  std::vector<std::uint64_t> charges;
  charges.reserve(blocks.size());
  for (const BlockEntry& block : blocks) {
    last.bind(1, block.iccid);
    last.step();
    const std::int64_t charge = last.number(0) + 1;
    last.reset();
    const std::int64_t entered = insert.bind(1, std::span<const std::byte>(block.id))
                                     .bind(2, batch)
                                     .bind(3, block.iccid)
                                     .bind(4, charge)
                                     .bind(5, static_cast<std::int64_t>(block.file))
                                     .run();
    if (entered != 1) throw Error(Category::refused, "block " + hex(block.id) + " is in the ledger already");
    charges.push_back(static_cast<std::uint64_t>(charge));
  }
  return charges;
}

}  // namespace lightseed
