// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/examination.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "provision/ledger/history.h"
#include "provision/ledger/sql/allotment_table.h"
#include "provision/ledger/sql/batch_rows.h"
#include "provision/ledger/sql/blocks.h"
#include "provision/ledger/sql/life_table.h"
#include "provision/ledger/sql/outbox_table.h"
#include "provision/ledger/sql/schema_text.h"

namespace lightseed {
namespace {

void check_blocks(SqlDatabase& database, HistoryCheck& check, const BatchRecord& batch) {
  const std::string& digest = check.blocks_digest_of(batch.id);
  const std::string& allotment = check.allotment_digest_of(batch.id);
  if (!digest.empty() || !allotment.empty()) {
    const BlocksFigures blocks = figures_of_blocks(database, batch.id);
    const bool same = digest.empty() || digest == blocks.sha256;
    const bool allotted = allotment.empty() || allotment == digest_of_allotment(batch.id, blocks.allotment.index);
    if (!same || !allotted) {
      check.fault(fmt::format("blocks of batch {} were changed since it was certified", batch.id));
    } else if (!allotment.empty() && !AllotmentTable(database).holds(batch.id, blocks.allotment)) {
      check.fault(fmt::format("the list of the SIMs of batch {} was changed since it was certified", batch.id));
    }
  }
  for (const auto& [state, count] : block_counts_in(database, batch.id)) {
    if (state != block_state_in(batch.state))
      check.fault(fmt::format("batch {} is {} and has {} blocks that are {}", batch.id, name_of(batch.state), count,
                              name_of(state)));
  }
}

/// By one walk over all of them.
void count_blocks(SqlDatabase& database, const std::vector<BatchRecord>& batches, HistoryCheck& check) {
  std::map<std::string, std::uint64_t> blocks;
  auto counts = database.prepare(
      fmt::format("SELECT {}, blocks FROM (SELECT batch, count(*) AS blocks FROM block GROUP BY batch) AS block",
                  database.id_of_batch()));
  while (counts.step())
    blocks[counts.text(0)] += static_cast<std::uint64_t>(counts.number(1));
  for (const BatchRecord& batch : batches)
    check.compare_blocks(batch.id, blocks[batch.id]);
  const auto astray = blocks.find("");
  if (astray != blocks.end()) check.fault(fmt::format("{} blocks are of no batch in its tables", astray->second));
}

/// Without walking over those of batches that were brought to an end, which are nearly all.
void look_for_blocks(SqlDatabase& database, const std::vector<BatchRecord>& batches, HistoryCheck& check) {
  const std::string key = database.key_of_batch();
  auto count = database.prepare(fmt::format("SELECT count(*) FROM block WHERE batch = {}", key));
  auto any = database.prepare(fmt::format("SELECT 1 FROM block WHERE batch = {} LIMIT 1", key));
  for (const BatchRecord& batch : batches) {
    const bool counted = is_unfinished(batch.state);
    Statement& query = counted ? count : any;
    query.bind(1, batch.id);
    const bool found = query.step();
    if (counted) {
      check.compare_blocks(batch.id, static_cast<std::uint64_t>(query.number(0)));
    } else {
      check.compare_blocks_uncounted(batch.id, found);
    }
    query.reset();
  }
}

/// What became of blocks after their batches were issued.
void check_lives(SqlDatabase& database, EventTable& events, const std::vector<BatchRecord>& batches,
                 HistoryCheck& check, Depth depth) {
  LifeTable lives(database, events);
  const auto figures = lives.figures();
  for (const BatchRecord& batch : batches) {
    const auto found = figures.find(batch.id);
    check.compare_life(batch.id, found == figures.end() ? LifeFigures{} : found->second);
  }
  if (depth != Depth::blocks) return;
  events.for_each([&](const LedgerEvent& event) {
    if (!lives.holds(event)) {
      check.fault(fmt::format("batch {}: what event {} said of its blocks was changed", event.batch, event.sequence));
    }
  });
}

}  // namespace

std::vector<std::string> faults_against_history(SqlDatabase& database, EventTable& events, std::int64_t schema,
                                                Depth depth) {
  HistoryCheck check(events.ledger_id());
  OutboxTable outbox(database, events);
  std::optional<OutboxTable::Comparison> messages;
  if (schema >= first_schema_with_outbox) messages.emplace(outbox, depth == Depth::blocks);
  events.for_each([&](const LedgerEvent& event) {
    check.add(event);
    if (messages) messages->add(event);
  });
  const std::vector<BatchRecord> batches = batches_in(database);
  for (const BatchRecord& batch : batches)
    check.compare(batch);
  if (depth == Depth::batches) {
    look_for_blocks(database, batches, check);
  } else {
    count_blocks(database, batches, check);
  }
  for (const BatchRecord& batch : batches) {
    const bool certified = batch.state == BatchState::certified || batch.state == BatchState::issued;
    if (schema >= first_schema_with_allotments && certified && check.allotment_digest_of(batch.id).empty())
      check.fault(fmt::format("the history does not say which SIMs batch {} gave keys to", batch.id));
    if (depth == Depth::blocks) check_blocks(database, check, batch);
  }
  if (schema >= first_schema_with_lives) check_lives(database, events, batches, check, depth);
  // Messages are compared with the tables: those that were changed are told of once.
  if (messages && !check.has_faults())
    for (std::string& fault : messages->finish())
      check.fault(std::move(fault));
  return check.finish();
}

}  // namespace lightseed
