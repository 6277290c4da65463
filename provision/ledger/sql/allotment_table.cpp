// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/allotment_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <numeric>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "provision/ledger/sql/sim_search.h"

namespace lightseed {
namespace {

/// That a batch gave a SIM of the order its keys.
struct Charge {
  std::size_t sim = 0;  ///< position in the order
  std::string batch;
  std::uint32_t number = 0;
  auto operator<=>(const Charge&) const = default;
};

/// What the history says of one batch that is not burned.
struct Vouched {
  std::string batch;
  std::string digest;
};

std::vector<Vouched> vouched_batches(SqlDatabase& database) {
  auto query = database.prepare(
      "SELECT event.batch, event.subject FROM event JOIN batch ON batch.id = event.batch "
      "WHERE event.what = 'allotted' AND batch.state <> 'BURNED' ORDER BY event.sequence");
  std::vector<Vouched> all;
  while (query.step())
    all.push_back({query.text(0), query.text(1)});
  return all;
}

Error changed(const std::string& words) {
  return Error(Category::refused, fmt::format("the ledger was changed by something else: {}; put it back from a copy, "
                                              "or keep it for those who look into this",
                                              words));
}

/// The SIMs of an order as allotments know them, sorted, and where each stands in the order.
struct Wanted {
  std::vector<AllotmentEntry> entries;
  std::vector<std::size_t> positions;
};

Wanted wanted_of(std::span<const std::string> iccids) {
  std::vector<AllotmentEntry> all;
  all.reserve(iccids.size());
  for (const std::string& iccid : iccids)
    all.push_back(AllotmentEntry::of(iccid, 0));
  Wanted wanted;
  wanted.positions.resize(iccids.size());
  std::iota(wanted.positions.begin(), wanted.positions.end(), std::size_t{0});
  std::ranges::sort(wanted.positions, [&](std::size_t a, std::size_t b) { return all[a] < all[b]; });
  wanted.entries.reserve(iccids.size());
  for (const std::size_t position : wanted.positions)
    wanted.entries.push_back(all[position]);
  return wanted;
}

/// By the allotments, sorted.
std::vector<Charge> charges_by_history(SqlDatabase& database, std::span<const std::string> iccids) {
  const std::vector<Vouched> vouched = vouched_batches(database);
  if (vouched.empty()) return {};
  const Wanted wanted = wanted_of(iccids);
  auto index = database.prepare("SELECT pages FROM allotment WHERE batch = ?");
  auto page = database.prepare("SELECT entries FROM allotment_page WHERE batch = ? AND page = ?");
  std::vector<Charge> charges;
  for (const auto& [batch, digest] : vouched) {
    index.bind(1, batch);
    const std::string pages = index.step() ? index.text(0) : std::string();
    index.reset();
    const auto fetch = [&, &of = batch](std::size_t number) {
      page.bind(1, of).bind(2, static_cast<std::int64_t>(number));
      std::string entries = page.step() ? page.text(0) : std::string();
      page.reset();
      return entries;
    };
    const auto found = [&, &of = batch](std::size_t position, std::uint32_t charge) {
      charges.push_back({wanted.positions[position], of, charge});
    };
    if (digest_of_allotment(batch, pages) != digest || !search_allotment(pages, wanted.entries, fetch, found))
      throw changed(fmt::format("the list of the SIMs of batch {} is not the one in its history", batch));
  }
  std::ranges::sort(charges);
  return charges;
}

/// By the tables; `visit` gets the charges of each SIM in turn, sorted, and whether one of its blocks counts: not those
/// that a side rejected.
template <typename Visit>
void for_each_sim(SqlDatabase& database, std::span<const std::string> iccids, bool has_endings, const Visit& visit) {
  // The batch's state counts: it is the one that the history is compared with.
  auto query = database.prepare(
      fmt::format("SELECT batch.id, block.charge, batch.state, {} FROM block JOIN batch ON {} "
                  "WHERE block.iccid = ? AND batch.state <> 'BURNED'",
                  has_endings ? "EXISTS (SELECT 1 FROM ending WHERE block = block.id AND state = 'REJECTED')" : "0",
                  database.is_of_batch()));
  std::vector<Charge> charges;
  std::size_t at = 0;  // whose charges these are
  bool counts = false;
  const auto finish_to = [&](std::size_t next) {
    for (; at < next; ++at) {
      std::ranges::sort(charges);
      visit(at, std::as_const(charges), counts);
      charges.clear();
      counts = false;
    }
  };
  const std::vector<std::size_t> asked = sims_that_may_have_blocks(
      database, iccids.size(), [&](std::size_t sim) { return std::string_view(iccids[sim]); });
  query.run_each(
      asked.size(), [&](std::size_t i) { query.bind(1, iccids[asked[i]]); },
      [&](std::size_t i) {
        const std::size_t sim = asked[i];
        finish_to(sim);
        if (query.number(3) == 0) counts = true;
        // Blocks of a batch that is still being made have no allotment yet.
        if (query.text(2) != name_of(BatchState::generated))
          charges.push_back({sim, query.text(0), static_cast<std::uint32_t>(query.number(1))});
      });
  finish_to(iccids.size());
}

void note(KnownSims& known, const std::string& iccid, std::span<const Charge> charges) {
  if (!known.add(iccid)) return;
  for (const Charge& charge : charges)
    known.name_batch(charge.batch);
}

}  // namespace

std::string AllotmentTable::add(const std::string& batch, const Allotment& allotment) {
  database_.prepare("INSERT INTO allotment (batch, pages) VALUES (?, ?)")
      .bind(1, batch)
      .bind(2, bytes_of(allotment.index))
      .run();
  auto insert = database_.prepare("INSERT INTO allotment_page (batch, page, entries) VALUES (?, ?, ?)");
  insert.run_each(allotment.pages.size(), [&](std::size_t number) {
    insert.bind(1, batch).bind(2, static_cast<std::int64_t>(number)).bind(3, bytes_of(allotment.pages[number]));
  });
  return digest_of_allotment(batch, allotment.index);
}

bool AllotmentTable::holds(const std::string& batch, const Allotment& allotment) {
  auto index = database_.prepare("SELECT pages FROM allotment WHERE batch = ?");
  index.bind(1, batch);
  if (!index.step() || index.text(0) != allotment.index) return false;
  auto pages = database_.prepare_long("SELECT entries FROM allotment_page WHERE batch = ? ORDER BY page");
  pages.bind(1, batch);
  for (const std::string& page : allotment.pages)
    if (!pages.step() || pages.text(0) != page) return false;
  return !pages.step();
}

KnownSims AllotmentTable::known_sims(std::span<const std::string> iccids, bool has_endings) {
  const std::vector<Charge> history = charges_by_history(database_, iccids);
  KnownSims known;
  auto next = history.begin();
  for_each_sim(database_, iccids, has_endings, [&](std::size_t sim, const std::vector<Charge>& charges, bool counts) {
    const auto first = next;
    while (next != history.end() && next->sim == sim)
      ++next;
    if (!std::equal(first, next, charges.begin(), charges.end())) {
      throw changed(fmt::format("SIM {} has {} by its history and {} by its tables", iccids[sim],
                                first == next ? "no keys" : fmt::format("keys of batch {}", first->batch),
                                charges.empty() ? "none" : "others"));
    }
    if (counts) note(known, iccids[sim], charges);
  });
  return known;
}

KnownSims known_sims_by_tables(SqlDatabase& database, std::span<const std::string> iccids) {
  KnownSims known;
  for_each_sim(database, iccids, false, [&](std::size_t sim, const std::vector<Charge>& charges, bool counts) {
    if (counts) note(known, iccids[sim], charges);
  });
  return known;
}

}  // namespace lightseed
