// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/outbox_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "evidence/issue_request_record.h"
#include "provision/certificate.h"
#include "provision/ledger/epoch.h"
#include "provision/ledger/sql/blocks.h"
#include "provision/outlet.h"

namespace lightseed {
namespace {

constexpr const char* add_row =
    "INSERT INTO outbox (event, part, outlet, file, sha256, sims, first_iccid, last_iccid, delivered) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

std::uint64_t natural(const Statement& row, int column) {
  return static_cast<std::uint64_t>(row.number(column));
}

void bind_row(Statement& insert, std::uint64_t event, std::uint64_t part, const OutboxTable::Row& row,
              std::string_view delivered) {
  insert.bind(1, static_cast<std::int64_t>(event))
      .bind(2, static_cast<std::int64_t>(part))
      .bind(3, row.outlet)
      .bind(4, row.file)
      .bind(5, row.sha256)
      .bind(6, static_cast<std::int64_t>(row.sims))
      .bind(7, row.first_iccid)
      .bind(8, row.last_iccid)
      .bind(9, delivered);
}

std::uint64_t required_sides() noexcept {
  return static_cast<std::uint64_t>(std::ranges::count_if(outlets(), &Outlet::required));
}

}  // namespace

OutboxTable::Issue OutboxTable::issue_of(const std::string& batch, std::span<const IssuedFile> files) {
  Issue issue;
  std::map<std::uint64_t, Row> by_number;
  auto query =
      database_.prepare(fmt::format("SELECT file, count(*), min(iccid), max(iccid) FROM block WHERE {} GROUP BY file",
                                    blocks_in_making(database_, batch)));
  query.bind(1, batch);
  while (query.step()) {
    const Row& row = by_number[natural(query, 0)] = {.outlet = {},
                                                     .file = {},
                                                     .sha256 = {},
                                                     .sims = natural(query, 1),
                                                     .first_iccid = query.text(2),
                                                     .last_iccid = query.text(3)};
    const bool first = issue.batch.sims == 0;
    issue.batch.sims += row.sims;
    if (first || row.first_iccid < issue.batch.first_iccid) issue.batch.first_iccid = row.first_iccid;
    if (first || row.last_iccid > issue.batch.last_iccid) issue.batch.last_iccid = row.last_iccid;
  }
  auto certificate = database_.prepare("SELECT certificate_sha256 FROM batch WHERE id = ?");
  certificate.bind(1, batch);
  if (certificate.step()) issue.batch.sha256 = certificate.text(0);
  issue.batch.file = certificate_name(batch);
  issue.files.reserve(files.size());
  for (const IssuedFile& file : files) {
    const auto found = by_number.find(file.number);
    if (found == by_number.end())
      throw Error(Category::refused, fmt::format("{} holds no block of batch {}", file.name, batch));
    Row& row = issue.files.emplace_back(found->second);
    row.outlet = file.outlet;
    row.file = file.name;
    row.sha256 = file.sha256;
  }
  return issue;
}

std::string OutboxTable::digest_of(std::span<const Row> files) {
  Sha256 hash;
  std::string text;
  append_netstring(text, "lightseed/outbox-files/v1");
  hash.update(text);
  for (const Row& row : files) {
    text.clear();
    append_netstring(text, row.outlet);
    append_netstring(text, row.file);
    append_netstring(text, row.sha256);
    append_netstring(text, std::to_string(row.sims));
    append_netstring(text, row.first_iccid);
    append_netstring(text, row.last_iccid);
    hash.update(text);
  }
  return hex(hash.digest());
}

void OutboxTable::add(std::uint64_t event, const Issue& issue) {
  insert(event, issue.batch, "");
  auto insert = database_.prepare(add_row);
  insert.run_each(issue.files.size(), [&](std::size_t i) { bind_row(insert, event, i + 1, issue.files[i], ""); });
}

OutboxTable::Row OutboxTable::row_of(const LedgerEvent& event) {
  Row row;
  if (event.what == event_names::issued) {
    row.file = certificate_name(event.batch);
    auto query =
        database_.prepare(fmt::format("SELECT certificate_sha256, (SELECT count(*) FROM block WHERE {0}), "
                                      "coalesce((SELECT min(iccid) FROM block WHERE {0}), ''), "
                                      "coalesce((SELECT max(iccid) FROM block WHERE {0}), '') FROM batch WHERE id = ?",
                                      database_.is_of_batch()));
    query.bind(1, event.batch);
    if (query.step())
      row = {.outlet = {},
             .file = row.file,
             .sha256 = query.text(0),
             .sims = natural(query, 1),
             .first_iccid = query.text(2),
             .last_iccid = query.text(3)};
  } else if (event.what == event_names::acknowledged) {
    auto query = database_.prepare("SELECT outlet, receipt_sha256 FROM answer WHERE event = ?");
    query.bind(1, static_cast<std::int64_t>(event.sequence));
    if (query.step()) {
      row.outlet = query.text(0);
      row.sha256 = query.text(1);
    }
    row.sims = event.blocks;
  } else if (event.what == event_names::revoked) {
    auto query = database_.prepare(
        "SELECT min(iccid), max(iccid) FROM ending JOIN block ON block.id = ending.block WHERE ending.event = ?");
    query.bind(1, static_cast<std::int64_t>(event.sequence));
    if (query.step()) {
      row.first_iccid = query.text(0);
      row.last_iccid = query.text(1);
    }
    row.sims = 1;
  } else if (event.what != event_names::restored) {
    row.sha256 = event.subject;
  }
  return row;
}

void OutboxTable::insert(std::uint64_t event, const Row& row, std::string_view delivered) {
  auto insert = database_.prepare(add_row);
  bind_row(insert, event, 0, row, delivered);
  insert.run();
}

void OutboxTable::announce(std::uint64_t after) {
  for (const LedgerEvent& event : events_.behind(after))
    if (is_announced(event.what) && event.what != event_names::issued) insert(event.sequence, row_of(event), "");
}

void OutboxTable::adopt() {
  const std::string now = ledger_moment();
  for (const LedgerEvent& event : events_.behind(0))
    if (is_announced(event.what)) insert(event.sequence, row_of(event), now);
}

std::uint64_t OutboxTable::count_waiting() {
  return static_cast<std::uint64_t>(database_.number("SELECT count(*) FROM outbox WHERE delivered = ''"));
}

std::vector<LedgerMessage> OutboxTable::waiting(std::size_t most) {
  // What is counted is counted for the rows that have it alone: an event may have ten thousand parts.
  auto query = database_.prepare(
      "SELECT o.event, o.part, o.outlet, o.file, o.sha256, o.sims, o.first_iccid, o.last_iccid, e.moment, e.what, "
      "e.batch, e.digest, e.subject, coalesce(b.order_id, ''), coalesce(b.request, ''), "
      "CASE WHEN e.what = 'issued' AND o.part = 0 THEN (SELECT count(*) FROM outbox f WHERE f.event = o.event) ELSE 1 "
      "END, "
      "CASE WHEN e.what = 'acknowledged' THEN (SELECT count(*) FROM answer a WHERE a.batch = e.batch AND a.event <= "
      "e.sequence) ELSE 0 END "
      "FROM outbox o JOIN event e ON e.sequence = o.event LEFT JOIN batch b ON b.id = e.batch "
      "WHERE o.delivered = '' ORDER BY o.event, o.part LIMIT ?");
  query.bind(1, static_cast<std::int64_t>(most));
  std::vector<LedgerMessage> messages;
  while (query.step()) {
    LedgerMessage message{.id = fmt::format("{}.{}", query.text(11), natural(query, 1)),
                          .ledger_id = events_.ledger_id(),
                          .sequence = natural(query, 0),
                          .part = natural(query, 1),
                          .event = query.text(9),
                          .moment = query.text(8),
                          .batch = query.text(10),
                          .order_id = query.text(13),
                          .outlet = query.text(2),
                          .file = query.text(3),
                          .sha256 = query.text(4),
                          .sims = natural(query, 5),
                          .first_iccid = query.text(6),
                          .last_iccid = query.text(7)};
    message.files = natural(query, 15) - 1;
    message.held = message.event == event_names::issued && !requested_releaser(query.text(14)).value_or("").empty();
    message.active = message.event == event_names::acknowledged && natural(query, 16) >= required_sides();
    if (message.event == event_names::restored) message.epoch = epoch_from(query.text(12));
    messages.push_back(std::move(message));
  }
  return messages;
}

void OutboxTable::mark_delivered(const LedgerMessage& last) {
  database_
      .prepare("UPDATE outbox SET delivered = ?1 WHERE delivered = '' AND (event < ?2 OR (event = ?2 AND part <= ?3))")
      .bind(1, ledger_moment())
      .bind(2, static_cast<std::int64_t>(last.sequence))
      .bind(3, static_cast<std::int64_t>(last.part))
      .run();
}

void OutboxTable::check_rows(const LedgerEvent& event, std::vector<std::string>& faults) {
  const auto changed = [&] {
    faults.push_back(fmt::format("the message that announces event {} was changed", event.sequence));
  };
  auto query = database_.prepare(
      "SELECT part, outlet, file, sha256, sims, first_iccid, last_iccid FROM outbox WHERE event = ? ORDER BY part");
  query.bind(1, static_cast<std::int64_t>(event.sequence));
  std::vector<Row> files;
  bool good = true;
  for (std::uint64_t part = 0; query.step(); ++part) {
    Row row{.outlet = query.text(1),
            .file = query.text(2),
            .sha256 = query.text(3),
            .sims = natural(query, 4),
            .first_iccid = query.text(5),
            .last_iccid = query.text(6)};
    if (natural(query, 0) != part) good = false;
    if (part == 0) {
      if (row != row_of(event)) good = false;
    } else {
      files.push_back(std::move(row));
    }
  }
  // An event of before there was an outbox holds no digest, and has no files in it.
  const bool has_digest = event.what == event_names::issued && !event.subject.empty();
  if (!good || (has_digest ? digest_of(files) != event.subject : !files.empty())) changed();
}

OutboxTable::Comparison::Comparison(OutboxTable& table, bool deep) : table_(table), deep_(deep) {
  auto query = table.database_.prepare("SELECT event FROM outbox WHERE part = 0 ORDER BY event");
  while (query.step())
    announced_.push_back(natural(query, 0));
}

void OutboxTable::Comparison::add(const LedgerEvent& event) {
  if (!is_announced(event.what)) return;
  if (next_ == announced_.size() || announced_[next_] != event.sequence) {
    faults_.push_back(
        fmt::format("event {} ('{}') is not in the outbox: nobody would be told of it", event.sequence, event.what));
    return;
  }
  ++next_;
  if (deep_) to_check_.push_back(event);
}

std::vector<std::string> OutboxTable::Comparison::finish() {
  if (next_ != announced_.size())
    faults_.push_back(fmt::format("the outbox announces event {}, which tells nobody", announced_[next_]));
  for (const LedgerEvent& event : to_check_)
    table_.check_rows(event, faults_);
  return std::move(faults_);
}

}  // namespace lightseed
