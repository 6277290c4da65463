// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/life_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/byte_views.h"
#include "core/error.h"
#include "evidence/issue_request_record.h"
#include "provision/ledger/sql/use_report.h"
#include "provision/outlet.h"

namespace lightseed {
namespace {

std::uint64_t sides_needed() noexcept {
  return static_cast<std::uint64_t>(std::ranges::count_if(outlets(), &Outlet::required));
}

std::uint64_t count_at(const Statement& row, int column) {
  return static_cast<std::uint64_t>(row.number(column));
}

constexpr const char* add_ending = "INSERT INTO ending (block, batch, state, event) VALUES (?, ?, ?, ?)";

}  // namespace

BlockFacts LifeTable::facts_of_batch(const std::string& batch) {
  auto query = database_.prepare(
      "SELECT state, request, (SELECT count(*) FROM answer WHERE batch = batch.id), "
      "(SELECT count(*) FROM destruction WHERE batch = batch.id) FROM batch WHERE id = ?");
  query.bind(1, batch);
  if (!query.step()) throw Error(Category::refused, fmt::format("the ledger has no batch {}", batch));
  const auto state = batch_state_from(query.text(0));
  if (!state) throw Error(Category::refused, fmt::format("batch {} is in no known state", batch));
  const auto asked = requested_keys(query.text(1));
  // A request that cannot be read asks for no release; its row does not fit its history, which every change looks at.
  const bool needs_release = !requested_releaser(query.text(1)).value_or("").empty();
  return {.batch = *state,
          .destroyed = query.number(3) > 0,
          .held = needs_release && release_of(batch).empty(),
          .sides = count_at(query, 2),
          .sides_needed = sides_needed(),
          .keys = asked ? asked->keys_per_sim : 0};
}

BlockFacts LifeTable::facts_of_block(std::span<const std::byte> block, BlockFacts of_batch) {
  auto ending = database_.prepare("SELECT state FROM ending WHERE block = ?");
  ending.bind(1, block);
  if (ending.step()) of_batch.ending = block_ending_from(ending.text(0));
  auto used = database_.prepare("SELECT CAST(coalesce(sum(last - first + 1), 0) AS BIGINT) FROM used WHERE block = ?");
  used.bind(1, block);
  used.step();
  of_batch.used = count_at(used, 0);
  return of_batch;
}

void LifeTable::require_issued(const std::string& batch) {
  const BlockFacts facts = facts_of_batch(batch);
  if (facts.batch != BatchState::issued)
    throw Error(Category::refused, fmt::format("batch {} is {}, not issued", batch, name_of(facts.batch)));
  if (facts.destroyed) throw Error(Category::refused, fmt::format("batch {} was destroyed", batch));
}

void LifeTable::require_certificate(const std::string& batch, const std::string& sha256, std::string_view what) {
  auto query = database_.prepare("SELECT certificate_sha256 FROM batch WHERE id = ?");
  query.bind(1, batch);
  if (query.step() && query.text(0) == sha256) return;
  throw Error(Category::refused,
              fmt::format("the {} is about another certificate of batch {} than the ledger's", what, batch));
}

std::string LifeTable::release_of(const std::string& batch) {
  auto query = database_.prepare("SELECT subject FROM event WHERE batch = ? AND what = 'released'");
  query.bind(1, batch);
  return query.step() ? query.text(0) : std::string();
}

bool LifeTable::release(const BatchRelease& release) {
  if (const std::string before = release_of(release.batch); !before.empty()) {
    if (before == release.record_sha256) return false;
    throw Error(Category::refused, fmt::format("batch {} was released before, by another record", release.batch));
  }
  require_issued(release.batch);
  auto query = database_.prepare("SELECT request FROM batch WHERE id = ?");
  query.bind(1, release.batch);
  query.step();
  const auto releaser = requested_releaser(query.text(0));
  query.reset();
  if (!releaser || releaser->empty())
    throw Error(Category::refused, fmt::format("batch {} waits for nobody's release", release.batch));
  if (*releaser != release.releaser_sha256) {
    throw Error(Category::refused, fmt::format("batch {} waits for the release by the certificate {}, not by {}",
                                               release.batch, *releaser, release.releaser_sha256));
  }
  require_certificate(release.batch, release.certificate_sha256, "release");
  events_.append({.what = event_names::released, .batch = release.batch, .subject = release.record_sha256});
  return true;
}

std::vector<LifeTable::Ended> LifeTable::blocks_to_reject(const SideAnswer& answer) {
  // Of the SIM alone: asked for a batch too, a database may go through all blocks of the batch instead of the SIM's.
  auto query = database_.prepare(
      fmt::format("SELECT id, {}, (SELECT state FROM ending WHERE block = block.id) IS NOT NULL FROM block "
                  "WHERE iccid = ? ORDER BY charge",
                  database_.id_of_batch()));
  std::vector<Ended> blocks;
  std::vector<bool> found(answer.rejected.size());
  query.run_each(
      answer.rejected.size(), [&](std::size_t i) { query.bind(1, answer.rejected[i]); },
      [&](std::size_t i) {
        if (found[i] || query.text(1) != answer.batch) return;
        found[i] = true;
        // The other side may have rejected it, or the SIM was revoked meanwhile: it has its end.
        if (query.number(2) == 0) blocks.push_back({.block = query.text(0), .batch = answer.batch});
      });
  const auto missing = std::ranges::find(found, false);
  if (missing != found.end()) {
    throw Error(Category::refused,
                fmt::format("the receipt rejects SIM {}, which batch {} has no keys for",
                            answer.rejected[static_cast<std::size_t>(missing - found.begin())], answer.batch));
  }
  std::ranges::sort(blocks, {}, &Ended::block);
  return blocks;
}

void LifeTable::end(std::span<const Ended> blocks, BlockEnding ending, std::uint64_t event) {
  auto insert = database_.prepare(add_ending);
  insert.run_each(blocks.size(), [&](std::size_t i) {
    insert.bind(1, bytes_of(blocks[i].block))
        .bind(2, blocks[i].batch)
        .bind(3, name_of(ending))
        .bind(4, static_cast<std::int64_t>(event));
  });
}

bool LifeTable::acknowledge(const SideAnswer& answer) {
  (void)outlet_named(answer.outlet);
  auto known = database_.prepare("SELECT outlet, receipt_sha256, leaves_sha256 FROM answer WHERE batch = ?");
  known.bind(1, answer.batch);
  while (known.step()) {
    if (known.text(0) == answer.outlet) {
      if (known.text(1) == answer.receipt_sha256) return false;
      throw Error(Category::refused, fmt::format("the {} side of batch {} answered before, with another receipt",
                                                 answer.outlet, answer.batch));
    }
    if (known.text(2) != answer.leaves_sha256) {
      throw Error(Category::refused,
                  fmt::format("the {} side of batch {} holds other keys than the {} side, or one of them did not open "
                              "its files: the digests over the leaves of their Merkle trees are {} and {}",
                              answer.outlet, answer.batch, known.text(0), answer.leaves_sha256, known.text(2)));
    }
  }
  require_issued(answer.batch);
  if (facts_of_batch(answer.batch).held) {
    throw Error(Category::refused, fmt::format("batch {} was issued under dual control and is not released: no side "
                                               "may have opened it yet; enter its release first",
                                               answer.batch));
  }
  require_certificate(answer.batch, answer.certificate_sha256, "receipt");
  const std::vector<Ended> rejected = blocks_to_reject(answer);
  LifeDigest digest;
  for (const Ended& ended : rejected)
    digest.add(bytes_of(ended.block), name_of(BlockEnding::rejected));
  const std::uint64_t event =
      events_.append({.what = event_names::acknowledged,
                      .batch = answer.batch,
                      .subject = digest_of_answer(answer.outlet, answer.receipt_sha256, answer.leaves_sha256),
                      .blocks = rejected.size(),
                      .blocks_sha256 = digest.digest()});
  database_.prepare("INSERT INTO answer (batch, outlet, receipt_sha256, leaves_sha256, event) VALUES (?, ?, ?, ?, ?)")
      .bind(1, answer.batch)
      .bind(2, answer.outlet)
      .bind(3, answer.receipt_sha256)
      .bind(4, answer.leaves_sha256)
      .bind(5, static_cast<std::int64_t>(event))
      .run();
  end(rejected, BlockEnding::rejected, event);
  return true;
}

std::uint64_t LifeTable::revoke(const std::string& iccid, std::string_view why) {
  auto query =
      database_.prepare(fmt::format("SELECT block.id, batch.id FROM block JOIN batch ON {} WHERE iccid = ? AND "
                                    "batch.state = 'ISSUED' AND block.id NOT IN (SELECT block FROM ending) AND "
                                    "batch.id NOT IN (SELECT batch FROM destruction) ORDER BY batch.id, block.id",
                                    database_.is_of_batch()));
  query.bind(1, iccid);
  std::map<std::string, std::vector<Ended>> batches;
  while (query.step())
    batches[query.text(1)].push_back({.block = query.text(0), .batch = query.text(1)});
  std::uint64_t revoked = 0;
  for (const auto& [batch, blocks] : batches) {
    LifeDigest digest;
    for (const Ended& ended : blocks)
      digest.add(bytes_of(ended.block), name_of(BlockEnding::revoked));
    const std::uint64_t event = events_.append({.what = event_names::revoked,
                                                .batch = batch,
                                                .subject = why,
                                                .blocks = blocks.size(),
                                                .blocks_sha256 = digest.digest()});
    end(blocks, BlockEnding::revoked, event);
    revoked += blocks.size();
  }
  return revoked;
}

bool LifeTable::destroy(const std::string& batch, const std::string& record_sha256) {
  auto known = database_.prepare("SELECT record_sha256 FROM destruction WHERE batch = ?");
  known.bind(1, batch);
  if (known.step() && known.text(0) == record_sha256) return false;
  known.reset();
  require_issued(batch);
  const std::uint64_t event =
      events_.append({.what = event_names::destroyed, .batch = batch, .subject = record_sha256});
  database_.prepare("INSERT INTO destruction (batch, record_sha256, event) VALUES (?, ?, ?)")
      .bind(1, batch)
      .bind(2, record_sha256)
      .bind(3, static_cast<std::int64_t>(event))
      .run();
  return true;
}

std::vector<EnteredAnswer> LifeTable::answers_of(const std::string& batch) {
  auto query = database_.prepare(
      "SELECT outlet, receipt_sha256, leaves_sha256, moment FROM answer JOIN event ON event.sequence = answer.event "
      "WHERE answer.batch = ? ORDER BY answer.event");
  query.bind(1, batch);
  std::vector<EnteredAnswer> all;
  while (query.step()) {
    all.push_back({.outlet = query.text(0),
                   .receipt_sha256 = query.text(1),
                   .leaves_sha256 = query.text(2),
                   .moment = query.text(3)});
  }
  return all;
}

std::vector<std::pair<BlockStage, std::uint64_t>> LifeTable::stages_of(const std::string& batch) {
  const BlockFacts facts = facts_of_batch(batch);
  // Of a batch that was brought to an end the history says how many: ten million are not counted to be told of.
  auto total = database_.prepare(
      is_unfinished(facts.batch)
          ? fmt::format("SELECT count(*) FROM block WHERE batch = {}", database_.key_of_batch())
          : std::string("SELECT blocks FROM event WHERE batch = ?1 AND what IN ('issued', 'burned', 'adopted') "
                        "ORDER BY sequence DESC LIMIT 1"));
  total.bind(1, batch);
  std::uint64_t rest = total.step() ? count_at(total, 0) : 0;
  std::map<BlockStage, std::uint64_t> stages;
  const auto take = [&](const BlockFacts& of_block, std::uint64_t count) {
    stages[stage_of(of_block)] += count;
    rest -= std::min(rest, count);
  };
  auto endings = database_.prepare("SELECT state, count(*) FROM ending WHERE batch = ? GROUP BY state");
  endings.bind(1, batch);
  while (endings.step()) {
    BlockFacts ended = facts;
    ended.ending = block_ending_from(endings.text(0));
    take(ended, count_at(endings, 1));
  }
  auto used = database_.prepare(
      "SELECT CAST(sum(last - first + 1) AS BIGINT) FROM used WHERE batch = ?1 AND block NOT IN (SELECT block FROM "
      "ending WHERE "
      "batch = ?1) GROUP BY block");
  used.bind(1, batch);
  while (used.step()) {
    BlockFacts of_block = facts;
    of_block.used = count_at(used, 0);
    take(of_block, 1);
  }
  if (rest > 0) stages[stage_of(facts)] += rest;
  return {stages.begin(), stages.end()};
}

std::vector<std::vector<BlockStage>> LifeTable::stages_of_sims(std::span<const std::string> iccids) {
  auto query = database_.prepare(
      fmt::format("SELECT {}, (SELECT state FROM ending WHERE block = block.id), "
                  "(SELECT CAST(coalesce(sum(last - first + 1), 0) AS BIGINT) FROM used WHERE block = block.id) "
                  "FROM block WHERE iccid = ? ORDER BY charge",
                  database_.id_of_batch()));
  struct Found {
    std::size_t sim = 0;
    std::string batch;
    std::optional<BlockEnding> ending;
    std::uint64_t used = 0;
  };
  std::vector<Found> blocks;
  query.run_each(
      iccids.size(), [&](std::size_t i) { query.bind(1, iccids[i]); },
      [&](std::size_t i) {
        blocks.push_back({i, query.text(0), block_ending_from(query.text(1)), count_at(query, 2)});
      });
  std::map<std::string, BlockFacts> batches;
  std::vector<std::vector<BlockStage>> all(iccids.size());
  for (const Found& block : blocks) {
    auto found = batches.find(block.batch);
    if (found == batches.end()) found = batches.emplace(block.batch, facts_of_batch(block.batch)).first;
    BlockFacts facts = found->second;
    facts.ending = block.ending;
    facts.used = block.used;
    all[block.sim].push_back(stage_of(facts));
  }
  return all;
}

std::map<std::string, LifeFigures> LifeTable::figures() {
  std::map<std::string, LifeFigures> all;
  auto answers = database_.prepare("SELECT batch, outlet, receipt_sha256, leaves_sha256 FROM answer");
  while (answers.step())
    all[answers.text(0)].answers.push_back(digest_of_answer(answers.text(1), answers.text(2), answers.text(3)));
  for (auto& [batch, life] : all)
    std::ranges::sort(life.answers);
  auto ended = database_.prepare("SELECT batch, count(*) FROM ending GROUP BY batch");
  while (ended.step())
    all[ended.text(0)].ended = count_at(ended, 1);
  auto used = database_.prepare("SELECT batch, count(*) FROM used GROUP BY batch");
  while (used.step())
    all[used.text(0)].used = count_at(used, 1);
  auto destroyed = database_.prepare("SELECT batch, record_sha256 FROM destruction");
  while (destroyed.step())
    all[destroyed.text(0)].destruction = destroyed.text(1);
  return all;
}

bool LifeTable::holds(const LedgerEvent& event) {
  const bool ends = event.what == event_names::acknowledged || event.what == event_names::revoked;
  if (!ends && event.what != event_names::used) return true;
  auto query =
      database_.prepare_long(ends ? "SELECT block, batch, state FROM ending WHERE event = ? ORDER BY block"
                                  : "SELECT block, batch, first, last FROM used WHERE event = ? ORDER BY block, "
                                    "first");
  query.bind(1, static_cast<std::int64_t>(event.sequence));
  LifeDigest digest;
  std::uint64_t rows = 0;
  for (; query.step(); ++rows) {
    if (query.text(1) != event.batch) return false;
    digest.add(bytes_of(query.text(0)), ends ? query.text(2) : words_of_range(count_at(query, 2), count_at(query, 3)));
  }
  return rows == event.blocks && digest.digest() == event.blocks_sha256;
}

}  // namespace lightseed
