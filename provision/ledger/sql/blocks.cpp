// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "provision/ledger/history.h"

namespace lightseed {

BlocksFigures figures_of_blocks(SqlDatabase& database, const std::string& batch) {
  auto query = database.prepare_long("SELECT id, iccid, charge, file FROM block WHERE batch = ? ORDER BY id");
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

namespace {

/// The next charge of each block's SIM.
std::vector<std::uint64_t> next_charges(SqlDatabase& database, std::span<const BlockEntry> blocks,
                                        std::uint64_t used_charges) {
  auto last = database.prepare("SELECT coalesce(max(charge), 0) FROM block WHERE iccid = ?");
  std::vector<std::uint64_t> charges(blocks.size());
  last.run_each(
      blocks.size(), [&](std::size_t i) { last.bind(1, blocks[i].iccid); },
      [&](std::size_t i) { charges[i] = std::max(static_cast<std::uint64_t>(last.number(0)), used_charges); });
  std::unordered_map<std::string_view, std::uint64_t> entered;  // of a SIM, in these blocks
  for (std::size_t i = 0; i < blocks.size(); ++i)
    charges[i] += ++entered[blocks[i].iccid];
  return charges;
}

/// The first block that is in the ledger in another row than it was to get.
std::string name_of_known(SqlDatabase& database, std::span<const BlockEntry> blocks,
                          std::span<const std::uint64_t> charges) {
  auto query = database.prepare("SELECT 1 FROM block WHERE id = ? AND iccid = ? AND charge = ?");
  std::vector<bool> entered(blocks.size());
  query.run_each(
      blocks.size(),
      [&](std::size_t i) {
        query.bind(1, std::span<const std::byte>(blocks[i].id))
            .bind(2, blocks[i].iccid)
            .bind(3, static_cast<std::int64_t>(charges[i]));
      },
      [&](std::size_t i) { entered[i] = true; });
  const auto known = std::ranges::find(entered, false);
  return known == entered.end() ? std::string() : hex(blocks[static_cast<std::size_t>(known - entered.begin())].id);
}

}  // namespace

std::vector<std::uint64_t> insert_blocks(SqlDatabase& database, const std::string& batch,
                                         std::span<const BlockEntry> blocks, std::uint64_t used_charges) {
  auto insert = database.prepare(
      "INSERT INTO block (id, batch, iccid, charge, file, state) VALUES (?, ?, ?, ?, ?, 'GENERATED') "
      "ON CONFLICT (id) DO NOTHING");
  std::vector<std::uint64_t> charges = next_charges(database, blocks, used_charges);
  const std::int64_t entered = insert.run_each(blocks.size(), [&](std::size_t i) {
    insert.bind(1, std::span<const std::byte>(blocks[i].id))
        .bind(2, batch)
        .bind(3, blocks[i].iccid)
        .bind(4, static_cast<std::int64_t>(charges[i]))
        .bind(5, static_cast<std::int64_t>(blocks[i].file));
  });
  if (entered != static_cast<std::int64_t>(blocks.size())) {
    throw Error(Category::refused,
                fmt::format("block {} is in the ledger already", name_of_known(database, blocks, charges)));
  }
  return charges;
}

}  // namespace lightseed
