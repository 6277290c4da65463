// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/blocks.h"

#include <algorithm>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "provision/ledger/history.h"

namespace lightseed {
namespace {

constexpr std::size_t known_sims_named = 5;

}  // namespace

BlocksFigures figures_of_blocks(Database& database, const std::string& batch) {
  auto query = database.prepare("SELECT id, iccid, charge, file FROM block WHERE batch = ? ORDER BY id");
  query.bind(1, batch);
  BlocksDigest digest;
  BlocksFigures figures;
  for (; query.step(); ++figures.count) {
    digest.add(bytes_of(query.text(0)), query.text(1), static_cast<std::uint64_t>(query.number(2)),
               static_cast<std::uint64_t>(query.number(3)));
  }
  figures.sha256 = digest.digest();
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

KnownSims find_known_sims(Database& database, std::span<const std::string> iccids) {
  auto query = database.prepare("SELECT batch FROM block WHERE iccid = ? AND state <> 'BURNED' LIMIT 1");
  KnownSims known;
  for (const std::string& iccid : iccids) {
    query.bind(1, iccid);
    if (query.step() && known.count++ < known_sims_named) {
      known.iccids.push_back(iccid);
      const std::string batch = query.text(0);
      if (std::find(known.batches.begin(), known.batches.end(), batch) == known.batches.end())
        known.batches.push_back(batch);
    }
    query.reset();
  }
  return known;
}

}  // namespace lightseed
