// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/event_table.h"

#include <ctime>

#include "core/clock.h"
#include "provision/ledger/epoch.h"

namespace lightseed {
namespace {

constexpr std::string_view select_event =
    "SELECT sequence, moment, what, batch, subject, blocks, blocks_sha256, previous_digest, digest FROM event ";

LedgerEvent event_from(const Statement& row) {
  return {.sequence = static_cast<std::uint64_t>(row.number(0)),
          .moment = row.text(1),
          .what = row.text(2),
          .batch = row.text(3),
          .subject = row.text(4),
          .blocks = static_cast<std::uint64_t>(row.number(5)),
          .blocks_sha256 = row.text(6),
          .previous_digest = row.text(7),
          .digest = row.text(8)};
}

}  // namespace

std::string ledger_moment() {
  return utc_text(std::time(nullptr));
}

LedgerEvent EventTable::last() {
  auto query = database_.prepare(std::string(select_event) + "ORDER BY sequence DESC LIMIT 1");
  return query.step() ? event_from(query) : LedgerEvent{};
}

std::uint64_t EventTable::epoch() {
  auto query = database_.prepare("SELECT subject FROM event WHERE what = 'restored' ORDER BY sequence DESC LIMIT 1");
  return query.step() ? epoch_from(query.text(0)) : 1;
}

std::vector<LedgerEvent> EventTable::behind(std::uint64_t sequence) {
  auto query = database_.prepare(std::string(select_event) + "WHERE sequence > ? ORDER BY sequence");
  query.bind(1, static_cast<std::int64_t>(sequence));
  std::vector<LedgerEvent> events;
  while (query.step())
    events.push_back(event_from(query));
  return events;
}

LedgerPosition EventTable::position() {
  const LedgerEvent end = last();
  return {.ledger_id = ledger_id_, .sequence = end.sequence, .chain_head = end.digest};
}

std::uint64_t EventTable::append(const Entry& entry) {
  const LedgerEvent before = last();
  LedgerEvent event{.sequence = before.sequence + 1,
                    .moment = ledger_moment(),
                    .what = std::string(entry.what),
                    .batch = std::string(entry.batch),
                    .subject = std::string(entry.subject),
                    .blocks = entry.blocks,
                    .blocks_sha256 = std::string(entry.blocks_sha256),
                    .previous_digest = before.sequence == 0 ? std::string(no_event) : before.digest,
                    .digest = {}};
  event.digest = digest_of(ledger_id_, event);
  database_
      .prepare(
          "INSERT INTO event (sequence, moment, what, batch, subject, blocks, blocks_sha256, previous_digest, digest) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(1, static_cast<std::int64_t>(event.sequence))
      .bind(2, event.moment)
      .bind(3, event.what)
      .bind(4, event.batch)
      .bind(5, event.subject)
      .bind(6, static_cast<std::int64_t>(event.blocks))
      .bind(7, event.blocks_sha256)
      .bind(8, event.previous_digest)
      .bind(9, event.digest)
      .run();
  return event.sequence;
}

void EventTable::for_each(const std::function<void(const LedgerEvent&)>& visit) {
  auto query = database_.prepare(std::string(select_event) + "ORDER BY sequence");
  while (query.step())
    visit(event_from(query));
}

}  // namespace lightseed
