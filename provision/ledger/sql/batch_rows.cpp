// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/batch_rows.h"

#include <fmt/format.h>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"

namespace lightseed {
namespace {

BatchRecord record_from(const Statement& row) {
  BatchRecord batch{.id = row.text(0),
                    .order_id = row.text(1),
                    .request = row.text(2),
                    .state = BatchState::burned,
                    .directory = row.text(4),
                    .purpose = row.text(5),
                    .certificate_sha256 = row.text(6),
                    .created = row.text(7),
                    .changed = row.text(8)};
  const auto state = batch_state_from(row.text(3));
  if (!state) throw Error(Category::refused, fmt::format("batch {} is in no known state: {}", batch.id, row.text(3)));
  batch.state = *state;
  return batch;
}

constexpr const char* select_batch =
    "SELECT id, order_id, request, state, directory, purpose, certificate_sha256, created, changed FROM batch ";

}  // namespace

std::optional<BatchRecord> live_batch_in(SqlDatabase& database, const std::string& order_id) {
  auto query = database.prepare(std::string(select_batch) + "WHERE order_id = ? AND state <> 'BURNED'");
  query.bind(1, order_id);
  if (!query.step()) return std::nullopt;
  return record_from(query);
}

std::vector<BatchRecord> batches_in(SqlDatabase& database) {
  auto query = database.prepare(std::string(select_batch) + "ORDER BY created, id");
  std::vector<BatchRecord> all;
  while (query.step())
    all.push_back(record_from(query));
  return all;
}

std::vector<SimBlock> blocks_of_sim_in(SqlDatabase& database, const std::string& iccid) {
  auto query = database.prepare(
      fmt::format("SELECT batch.id, order_id, request, batch.state, directory, purpose, certificate_sha256, created, "
                  "changed, block.id, charge, file, block.state FROM block JOIN batch ON {} "
                  "WHERE iccid = ? ORDER BY charge",
                  database.is_of_batch()));
  query.bind(1, iccid);
  std::vector<SimBlock> all;
  while (query.step()) {
    SimBlock found{.batch = record_from(query),
                   .block = hex(bytes_of(query.text(9))),
                   .charge = static_cast<std::uint64_t>(query.number(10)),
                   .file = static_cast<std::uint64_t>(query.number(11))};
    const auto state = block_state_from(query.text(12));
    if (!state)
      throw Error(Category::refused, fmt::format("block {} is in no known state: {}", found.block, query.text(12)));
    found.state = *state;
    all.push_back(std::move(found));
  }
  return all;
}

std::vector<std::pair<BlockState, std::uint64_t>> block_counts_in(SqlDatabase& database, const std::string& batch) {
  auto query = database.prepare(fmt::format(
      "SELECT state, count(*) FROM block WHERE batch = {} GROUP BY state ORDER BY state", database.key_of_batch()));
  query.bind(1, batch);
  std::vector<std::pair<BlockState, std::uint64_t>> counts;
  while (query.step()) {
    if (const auto state = block_state_from(query.text(0)))
      counts.emplace_back(*state, static_cast<std::uint64_t>(query.number(1)));
  }
  return counts;
}

}  // namespace lightseed
