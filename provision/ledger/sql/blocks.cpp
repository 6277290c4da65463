// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "provision/ledger/history.h"
#include "provision/ledger/sql/sim_search.h"

namespace lightseed {

std::string blocks_in_making(SqlDatabase& database, const std::string& batch) {
  const std::string key = database.key_of_batch();
  if (!database.keeps_rows_by_key()) return fmt::format("batch = {}", key);
  auto ends = database.prepare(fmt::format(
      "SELECT (SELECT min(id) FROM block WHERE batch = {0}), (SELECT max(id) FROM block WHERE batch = {0})", key));
  ends.bind(1, batch);
  ends.step();
  // The sign keeps the index over batches out of it.
  return fmt::format("id BETWEEN x'{}' AND x'{}' AND +batch = {}", hex(bytes_of(ends.text(0))),
                     hex(bytes_of(ends.text(1))), key);
}

namespace {

BlocksFigures figures_where(SqlDatabase& database, const std::string& batch, std::string_view condition) {
  auto query =
      database.prepare_long(fmt::format("SELECT id, iccid, charge, file FROM block WHERE {} ORDER BY id", condition));
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

/// The next charge of each block's SIM.
std::vector<std::uint64_t> next_charges(SqlDatabase& database, std::span<const BlockEntry> blocks,
                                        std::uint64_t used_charges) {
  auto last = database.prepare("SELECT coalesce(max(charge), 0) FROM block WHERE iccid = ?");
  std::vector<std::uint64_t> charges(blocks.size(), used_charges);
  const std::vector<std::size_t> asked = sims_that_may_have_blocks(
      database, blocks.size(), [&](std::size_t i) { return std::string_view(blocks[i].iccid); });
  last.run_each(
      asked.size(), [&](std::size_t i) { last.bind(1, blocks[asked[i]].iccid); },
      [&](std::size_t i) { charges[asked[i]] = std::max(static_cast<std::uint64_t>(last.number(0)), used_charges); });
  std::unordered_map<std::string_view, std::uint64_t> entered;  // of a SIM, in these blocks
  for (std::size_t i = 0; i < blocks.size(); ++i)
    charges[i] += ++entered[blocks[i].iccid];
  return charges;
}

std::int64_t number_of_batch(SqlDatabase& database, const std::string& batch) {
  auto query = database.prepare("SELECT number FROM batch WHERE id = ?");
  query.bind(1, batch);
  if (!query.step()) throw Error(Category::refused, fmt::format("the ledger has no batch {}", batch));
  return query.number(0);
}

/// What a statement costs beside its rows is then hardly seen any more; with more, SQLite writes a temporary file.
constexpr std::size_t rows_a_statement = 50;

/// Enters blocks, so many with a statement. Returns how many were not in the ledger.
std::int64_t insert_rows(SqlDatabase& database, std::int64_t batch, std::span<const BlockEntry> blocks,
                         std::span<const std::uint64_t> charges, std::size_t rows) {
  if (rows == 0 || blocks.size() < rows) return 0;
  constexpr int values = 4;  // a row, beside the batch
  std::string sql = "INSERT INTO block (id, batch, iccid, charge, file, state) VALUES ";
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t at = 2 + row * values;
    fmt::format_to(std::back_inserter(sql), "{}(?{}, ?1, ?{}, ?{}, ?{}, 'GENERATED')", row == 0 ? "" : ", ", at, at + 1,
                   at + 2, at + 3);
  }
  auto insert = database.prepare(sql + " ON CONFLICT (id) DO NOTHING");
  return insert.run_each(blocks.size() / rows, [&](std::size_t statement) {
    insert.bind(1, batch);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t i = statement * rows + row;
      const int at = 2 + static_cast<int>(row) * values;
      insert.bind(at, std::span<const std::byte>(blocks[i].id))
          .bind(at + 1, blocks[i].iccid)
          .bind(at + 2, static_cast<std::int64_t>(charges[i]))
          .bind(at + 3, static_cast<std::int64_t>(blocks[i].file));
    }
  });
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

BlocksFigures figures_of_blocks(SqlDatabase& database, const std::string& batch) {
  return figures_where(database, batch, "batch = " + database.key_of_batch());
}

BlocksFigures figures_of_blocks_in_making(SqlDatabase& database, const std::string& batch) {
  return figures_where(database, batch, blocks_in_making(database, batch));
}

std::vector<std::uint64_t> insert_blocks(SqlDatabase& database, const std::string& batch,
                                         std::span<const BlockEntry> blocks, std::uint64_t used_charges) {
  std::vector<std::uint64_t> charges = next_charges(database, blocks, used_charges);
  const std::int64_t number = number_of_batch(database, batch);
  const std::size_t in_full = blocks.size() - blocks.size() % rows_a_statement;
  std::int64_t entered = insert_rows(database, number, blocks.first(in_full), charges, rows_a_statement);
  entered += insert_rows(database, number, blocks.subspan(in_full), std::span(charges).subspan(in_full),
                         blocks.size() - in_full);
  if (entered != static_cast<std::int64_t>(blocks.size())) {
    throw Error(Category::refused,
                fmt::format("block {} is in the ledger already", name_of_known(database, blocks, charges)));
  }
  return charges;
}

}  // namespace lightseed
