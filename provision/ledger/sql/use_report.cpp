// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/use_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "provision/ledger/sql/life_table.h"

namespace lightseed {
namespace {

constexpr std::size_t most_alarms_told = 20;

/// A range of a report with the block it is of.
struct Located {
  std::string block;  ///< the bytes of its id
  std::string batch;
  const UsedKeys* keys = nullptr;

  [[nodiscard]] auto place() const { return std::tuple(std::string_view(block), keys->first); }
};

std::string name_of_range(const UsedKeys& keys) {
  const bool one = keys.first == keys.last;
  return fmt::format("key{} {} of charge {} of SIM {}", one ? "" : "s",
                     one ? std::to_string(keys.first) : words_of_range(keys.first, keys.last), keys.charge, keys.iccid);
}

bool is_in_use(BlockStage stage) noexcept {
  return stage == BlockStage::active || stage == BlockStage::low || stage == BlockStage::exhausted;
}

/// The ranges in the order of their blocks and keys.
std::vector<Located> located(SqlDatabase& database, std::span<const UsedKeys> ranges) {
  auto query =
      database.prepare(fmt::format("SELECT id, {} FROM block WHERE iccid = ? AND charge = ?", database.id_of_batch()));
  std::vector<Located> all(ranges.size());
  query.run_each(
      ranges.size(),
      [&](std::size_t i) { query.bind(1, ranges[i].iccid).bind(2, static_cast<std::int64_t>(ranges[i].charge)); },
      [&](std::size_t i) { all[i] = {.block = query.text(0), .batch = query.text(1), .keys = &ranges[i]}; });
  const auto missing = std::ranges::find(all, nullptr, &Located::keys);
  if (missing != all.end()) {
    const UsedKeys& keys = ranges[static_cast<std::size_t>(missing - all.begin())];
    throw Error(Category::refused,
                fmt::format("the ledger has no charge {} of SIM {}; nothing was entered", keys.charge, keys.iccid));
  }
  std::ranges::sort(all, {}, &Located::place);
  return all;
}

/// What the ledger knows about the keys of a range.
struct KnownUse {
  std::optional<BlockEnding> ending;  ///< of the block
  std::uint64_t used = 0;             ///< keys of the block
  bool overlaps = false;              ///< with keys that were reported before:
  std::uint64_t first = 0, last = 0;
};

std::vector<KnownUse> known_uses(SqlDatabase& database, std::span<const Located> ranges) {
  constexpr std::string_view overlap =
      "FROM used WHERE block = ?1 AND first <= ?2 AND last >= ?3 ORDER BY first LIMIT 1";
  auto query = database.prepare(
      fmt::format("SELECT (SELECT state FROM ending WHERE block = ?1), "
                  "(SELECT CAST(coalesce(sum(last - first + 1), 0) AS BIGINT) FROM used WHERE block = ?1), "
                  "coalesce((SELECT first {0}), -1), coalesce((SELECT last {0}), -1)",
                  overlap));
  std::vector<KnownUse> all(ranges.size());
  query.run_each(
      ranges.size(),
      [&](std::size_t i) {
        query.bind(1, bytes_of(ranges[i].block))
            .bind(2, static_cast<std::int64_t>(ranges[i].keys->last))
            .bind(3, static_cast<std::int64_t>(ranges[i].keys->first));
      },
      [&](std::size_t i) {
        all[i] = {.ending = block_ending_from(query.text(0)),
                  .used = static_cast<std::uint64_t>(query.number(1)),
                  .overlaps = query.number(2) >= 0,
                  .first = static_cast<std::uint64_t>(query.number(2)),
                  .last = static_cast<std::uint64_t>(query.number(3))};
      });
  return all;
}

/// Looks at ranges in the order of their blocks and keys.
class Examination {
 public:
  Examination(SqlDatabase& database, EventTable& events) : lives_(database, events) {}

  /// Why a range raises an alarm; nothing: it does not. Throws Error(refused) for keys that its block does not have.
  std::optional<std::string> alarm(const Located& range, const KnownUse& known) {
    const UsedKeys& keys = *range.keys;
    BlockFacts facts = facts_of(range.batch);
    facts.ending = known.ending;
    facts.used = known.used;
    if (keys.last < keys.first || (facts.keys > 0 && keys.last >= facts.keys)) {
      throw Error(Category::refused, fmt::format("{}: there are {} keys, counted from 0; nothing was entered",
                                                 name_of_range(keys), facts.keys));
    }
    if (range.block != block_) reached_.reset();
    block_ = range.block;
    const bool twice = reached_ && *reached_ >= keys.first;
    reached_ = std::max(reached_.value_or(0), keys.last);
    if (const BlockStage stage = stage_of(facts); !is_in_use(stage)) {
      return fmt::format("{}: the block is {}, and none of its keys may be used", name_of_range(keys), name_of(stage));
    }
    if (twice) return fmt::format("{}: used twice in this report", name_of_range(keys));
    if (!known.overlaps) return std::nullopt;
    return fmt::format("{}: used a second time, keys {} were reported before", name_of_range(keys),
                       words_of_range(known.first, known.last));
  }

 private:
  LifeTable lives_;
  std::map<std::string, BlockFacts> batches_;
  std::string block_;                     ///< of the range before
  std::optional<std::uint64_t> reached_;  ///< last key of that block so far

  const BlockFacts& facts_of(const std::string& batch) {
    const auto found = batches_.find(batch);
    return found == batches_.end() ? batches_.emplace(batch, lives_.facts_of_batch(batch)).first->second
                                   : found->second;
  }
};

bool has_event(SqlDatabase& database, std::string_view what, std::string_view subject) {
  auto query = database.prepare("SELECT 1 FROM event WHERE what = ? AND subject = ?");
  query.bind(1, what).bind(2, subject);
  return query.step();
}

/// One event a batch. Returns the number of keys.
std::uint64_t enter(SqlDatabase& database, EventTable& events, const std::string& report_sha256,
                    const std::map<std::string, std::vector<const Located*>>& batches) {
  auto insert = database.prepare("INSERT INTO used (block, first, last, batch, event) VALUES (?, ?, ?, ?, ?)");
  std::uint64_t count = 0;
  for (const auto& [batch, ranges] : batches) {
    LifeDigest digest;
    for (const Located* range : ranges)
      digest.add(bytes_of(range->block), words_of_range(range->keys->first, range->keys->last));
    const std::uint64_t event = events.append({.what = event_names::used,
                                               .batch = batch,
                                               .subject = report_sha256,
                                               .blocks = ranges.size(),
                                               .blocks_sha256 = digest.digest()});
    insert.run_each(ranges.size(), [&, &of = batch, &told = ranges](std::size_t i) {
      const Located& range = *told[i];
      insert.bind(1, bytes_of(range.block))
          .bind(2, static_cast<std::int64_t>(range.keys->first))
          .bind(3, static_cast<std::int64_t>(range.keys->last))
          .bind(4, of)
          .bind(5, static_cast<std::int64_t>(event));
    });
    for (const Located* range : ranges)
      count += range->keys->last - range->keys->first + 1;
  }
  return count;
}

}  // namespace

std::string words_of_range(std::uint64_t first, std::uint64_t last) {
  return fmt::format("{}-{}", first, last);
}

UseOutcome enter_use_report(SqlDatabase& database, EventTable& events, const std::string& report_sha256,
                            std::span<const UsedKeys> ranges) {
  if (has_event(database, event_names::used, report_sha256)) return {.entered_before = true, .keys = 0, .alarms = {}};
  const std::vector<Located> all = located(database, ranges);
  Examination examination(database, events);
  UseOutcome outcome;
  std::map<std::string, std::vector<const Located*>> batches;
  std::map<std::string, std::uint64_t> alarmed;
  const std::vector<KnownUse> known = known_uses(database, all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Located& range = all[i];
    batches[range.batch].push_back(&range);
    auto alarm = examination.alarm(range, known[i]);
    if (!alarm) continue;
    ++alarmed[range.batch];
    if (outcome.alarms.size() < most_alarms_told) outcome.alarms.push_back(std::move(*alarm));
  }
  if (alarmed.empty()) {
    outcome.keys = enter(database, events, report_sha256, batches);
  } else if (!has_event(database, event_names::alarmed, report_sha256)) {
    for (const auto& [batch, count] : alarmed)
      events.append({.what = event_names::alarmed, .batch = batch, .subject = report_sha256, .blocks = count});
  }
  return outcome;
}

}  // namespace lightseed
