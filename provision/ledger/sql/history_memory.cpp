// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/history_memory.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"

namespace lightseed {

void HistoryMemory::examine(LedgerFindings& findings) {
  try {
    const LedgerEvent last = events_.last();
    const auto remembered = head_.head();
    findings.without_memory = !remembered && last.sequence > 1;
    if (findings.without_memory) findings.notices.push_back(missing_words());
    if (!remembered) return;
    Comparison found = compare(*remembered, last);
    if (!found.fault.empty()) findings.faults.push_back(std::move(found.fault));
    if (!found.put_back.empty()) findings.notices.push_back(std::move(found.put_back));
  } catch (const Error& e) {
    findings.notices.push_back(fmt::format("whether the ledger was rolled back cannot be seen: {}", e.what()));
  }
}

void HistoryMemory::require_newest(const LedgerAccess& access) {
  const auto remembered = head_.head();
  const LedgerEvent last = events_.last();
  if (!remembered) {
    // A new ledger has one event, and its head is written right after.
    if (last.sequence > 1 && !access.without_memory) throw refused_without_head(missing_words());
    if (last.sequence > 1) access.notice(fmt::format("{}; it is written anew", missing_words()));
  } else {
    const Comparison found = compare(*remembered, last);
    if (!found.fault.empty()) throw Error(Category::refused, found.fault);
    if (!found.put_back.empty()) access.notice(found.put_back);
  }
  if (!remembered || remembered->position != events_.position()) write(access);
}

void HistoryMemory::write(const LedgerAccess& access) {
  try {
    head_.write(events_.position(), events_.epoch());
  } catch (const Error& e) {
    access.notice(fmt::format("a roll-back of the ledger to its state of now could not be seen: {}", e.what()));
  }
}

std::string HistoryMemory::missing_words() const {
  return fmt::format(
      "{} is missing, which remembers where the history of the ledger {} ended: whether an older copy was put back, "
      "from which orders would be issued again, cannot be seen",
      head_.path().string(), ledger_);
}

HistoryMemory::Comparison HistoryMemory::compare(const HeadFile::Head& remembered, const LedgerEvent& last) {
  Comparison found{.fault = {}, .put_back = put_back_words(remembered.epoch)};
  if (remembered.position.ledger_id != events_.ledger_id()) {
    found.fault = fmt::format(
        "{} is of another ledger than {}: one of them was put here in place of the other; put the right one back",
        head_.path().string(), ledger_);
  } else if (found.put_back.empty() && !holds(remembered.position)) {
    found.fault = fmt::format(
        "the ledger {} was rolled back: it ends with event {}, and {} remembers another history up to event {}; put "
        "the newer ledger back or, where that is lost, restore its newest copy. Orders that were issued since would be "
        "issued again",
        ledger_, last.sequence, head_.path().string(), remembered.position.sequence);
  }
  return found;
}

std::string HistoryMemory::put_back_words(std::uint64_t remembered_epoch) {
  if (kept_ != Kept::by_each_host) return {};
  const std::uint64_t now = events_.epoch();
  if (now <= remembered_epoch) return {};
  return fmt::format(
      "the ledger {} was put back from a copy since this host used it, and is in epoch {}: what this host did in epoch "
      "{} may be forgotten",
      ledger_, now, remembered_epoch);
}

bool HistoryMemory::is_newest() {
  const auto remembered = head_.head();
  return !remembered || compare(*remembered, events_.last()).fault.empty();
}

bool HistoryMemory::holds(const LedgerPosition& position) {
  auto query = database_.prepare("SELECT 1 FROM event WHERE sequence = ? AND digest = ?");
  query.bind(1, static_cast<std::int64_t>(position.sequence)).bind(2, position.chain_head);
  return query.step();
}

}  // namespace lightseed
