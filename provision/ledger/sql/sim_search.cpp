// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/sim_search.h"

#include <algorithm>
#include <numeric>

namespace lightseed {
namespace {

/// SIMs a look: a few that are known cost the others of theirs a question each.
constexpr std::size_t sims_a_look = 256;

}  // namespace

std::vector<std::size_t> sims_that_may_have_blocks(SqlDatabase& database, std::size_t count,
                                                   const std::function<std::string_view(std::size_t)>& iccid) {
  std::vector<std::string_view> iccids(count);
  for (std::size_t i = 0; i < count; ++i)
    iccids[i] = iccid(i);
  std::vector<std::size_t> by_number(count);
  std::iota(by_number.begin(), by_number.end(), std::size_t{0});
  if (!std::ranges::is_sorted(iccids)) std::ranges::sort(by_number, {}, [&](std::size_t i) { return iccids[i]; });

  // Ordered and cut to one row: a database that guesses how many there are in between could go through all it holds.
  auto next = database.prepare("SELECT iccid FROM block WHERE iccid >= ? ORDER BY iccid LIMIT 1");
  std::vector<std::size_t> found;
  const std::size_t looks = (count + sims_a_look - 1) / sims_a_look;
  next.run_each(
      looks, [&](std::size_t look) { next.bind(1, iccids[by_number[look * sims_a_look]]); },
      [&](std::size_t look) {
        const std::size_t first = look * sims_a_look;
        const std::size_t end = std::min(count, first + sims_a_look);
        if (next.text(0) > iccids[by_number[end - 1]]) return;
        found.insert(found.end(), by_number.begin() + static_cast<std::ptrdiff_t>(first),
                     by_number.begin() + static_cast<std::ptrdiff_t>(end));
      });
  std::ranges::sort(found);
  return found;
}

}  // namespace lightseed
