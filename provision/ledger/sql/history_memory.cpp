// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/history_memory.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"

namespace lightseed {

void HistoryMemory::examine(LedgerFindings& findings) {
  try {
    const LedgerEvent last = events_.last();
    const auto remembered = head_.read();
    findings.without_memory = !remembered && last.sequence > 1;
    if (findings.without_memory) findings.notices.push_back(missing_words());
    if (!remembered) return;
    if (auto fault = fault_against(*remembered, last); !fault.empty()) findings.faults.push_back(std::move(fault));
    if (auto words = put_back_words(); !words.empty()) findings.notices.push_back(std::move(words));
  } catch (const Error& e) {
    findings.notices.push_back(fmt::format("whether the ledger was rolled back cannot be seen: {}", e.what()));
  }
}

void HistoryMemory::require_newest(const LedgerAccess& access) {
  const auto remembered = head_.read();
  const LedgerEvent last = events_.last();
  if (!remembered) {
    // A new ledger has one event, and its head is written right after.
    if (last.sequence > 1 && !access.without_memory) throw refused_without_head(missing_words());
    if (last.sequence > 1) access.notice(fmt::format("{}; it is written anew", missing_words()));
  } else if (const std::string fault = fault_against(*remembered, last); !fault.empty()) {
    throw Error(Category::refused, fault);
  } else if (const std::string words = put_back_words(); !words.empty()) {
    access.notice(words);
  }
  if (!remembered || *remembered != events_.position()) write(access);
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

std::string HistoryMemory::fault_against(const LedgerPosition& remembered, const LedgerEvent& last) {
  if (remembered.ledger_id != events_.ledger_id()) {
    return fmt::format(
        "{} is of another ledger than {}: one of them was put here in place of the other; put the right one back",
        head_.path().string(), ledger_);
  }
  if (holds(remembered) || !put_back_words().empty()) return {};
  return fmt::format(
      "the ledger {} was rolled back: it ends with event {}, and {} remembers another history up to event {}; put "
      "the newer ledger back or, where that is lost, restore its newest copy. Orders that were issued since would be "
      "issued again",
      ledger_, last.sequence, head_.path().string(), remembered.sequence);
}

std::string HistoryMemory::put_back_words() {
  if (kept_ != Kept::by_each_host) return {};
  const std::uint64_t known = head_.epoch(), now = events_.epoch();
  if (now <= known) return {};
  return fmt::format(
      "the ledger {} was put back from a copy since this host used it, and is in epoch {}: what this host did in epoch "
      "{} may be forgotten",
      ledger_, now, known);
}

bool HistoryMemory::is_newest() {
  const auto remembered = head_.read();
  return !remembered || fault_against(*remembered, events_.last()).empty();
}

bool HistoryMemory::holds(const LedgerPosition& position) {
  auto query = database_.prepare("SELECT 1 FROM event WHERE sequence = ? AND digest = ?");
  query.bind(1, static_cast<std::int64_t>(position.sequence)).bind(2, position.chain_head);
  return query.step();
}

}  // namespace lightseed
