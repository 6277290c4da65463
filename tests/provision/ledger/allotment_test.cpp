// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/allotment.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/category_of.h"

using namespace lightseed;

namespace {

std::string sim(std::size_t number) {
  return "8988211" + std::to_string(1'000'000'000'000 + number);
}

/// SIMs 0, 3, 6, … with one charge each; SIM 0 with `charges` of them.
Allotment sample(std::size_t sims, std::uint64_t charges = 1) {
  std::vector<AllotmentEntry> entries;
  for (std::size_t i = 0; i < sims; ++i)
    entries.push_back(AllotmentEntry::of(sim(3 * i), 1));
  for (std::uint64_t charge = 2; charge <= charges; ++charge)
    entries.push_back(AllotmentEntry::of(sim(0), charge));
  std::ranges::reverse(entries);
  return allotment_of(std::move(entries));
}

struct Search {
  bool good = false;
  std::map<std::string, std::vector<std::uint32_t>> found;
  std::size_t pages_read = 0;
};

Search search(const Allotment& allotment, const std::vector<std::string>& iccids) {
  std::vector<std::pair<AllotmentEntry, std::string>> sorted;
  for (const std::string& iccid : iccids)
    sorted.emplace_back(AllotmentEntry::of(iccid, 0), iccid);
  std::ranges::sort(sorted);
  std::vector<AllotmentEntry> wanted;
  for (const auto& [entry, iccid] : sorted)
    wanted.push_back(entry);
  Search result;
  result.good = search_allotment(
      allotment.index, wanted,
      [&](std::size_t number) {
        ++result.pages_read;
        return number < allotment.pages.size() ? allotment.pages[number] : std::string();
      },
      [&](std::size_t position, std::uint32_t charge) { result.found[sorted[position].second].push_back(charge); });
  return result;
}

}  // namespace

TEST_CASE("an allotment finds its SIMs and no others, whatever its size") {
  for (const std::size_t sims : {0U, 1U, 2U, 255U, 256U, 257U, 512U, 1000U}) {
    CAPTURE(sims);
    const Allotment allotment = sample(sims);
    CHECK(allotment.pages.size() == (sims + 255) / 256);
    std::vector<std::string> asked;
    for (std::size_t i = 0; i < 3 * sims + 3; ++i)
      asked.push_back(sim(i));
    const Search result = search(allotment, asked);
    CHECK(result.good);
    CHECK(result.found.size() == sims);
    CHECK(result.pages_read <= allotment.pages.size());
    for (const auto& [iccid, charges] : result.found)
      CHECK(charges == std::vector<std::uint32_t>{1});
  }
}

TEST_CASE("an allotment of many SIMs is asked for one of them in one page") {
  const Allotment allotment = sample(5000);
  const Search result = search(allotment, {sim(3)});
  CHECK(result.good);
  CHECK(result.found.size() == 1);
  CHECK(result.pages_read == 1);
}

TEST_CASE("the charges of one SIM may fill several pages") {
  const Allotment allotment = sample(300, 700);
  const Search result = search(allotment, {sim(0), sim(1), sim(3)});
  CHECK(result.good);
  REQUIRE(result.found.contains(sim(0)));
  CHECK(result.found.at(sim(0)).size() == 700);
  CHECK(result.found.at(sim(3)).size() == 1);
  CHECK_FALSE(result.found.contains(sim(1)));
}

TEST_CASE("a page that was changed, and an index of another length, are found out") {
  const Allotment honest = sample(600);
  const std::vector<std::string> asked{sim(0), sim(300), sim(600), sim(1)};
  for (std::size_t page = 0; page < honest.pages.size(); ++page) {
    Allotment changed = honest;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < 1800; ++i)
      all.push_back(sim(i));
    changed.pages[page][5] = static_cast<char>(changed.pages[page][5] ^ 1);
    CHECK_FALSE(search(changed, all).good);
    changed = honest;
    changed.pages[page].resize(changed.pages[page].size() - AllotmentEntry::bytes);
    CHECK_FALSE(search(changed, all).good);
  }
  Allotment cut = honest;
  cut.index.pop_back();
  CHECK_FALSE(search(cut, asked).good);
  CHECK(digest_of_allotment("b", honest.index) != digest_of_allotment("b", cut.index));
  CHECK(digest_of_allotment("b", honest.index) != digest_of_allotment("c", honest.index));
}

TEST_CASE("an entry holds the charge, and no charge that it cannot") {
  CHECK(AllotmentEntry::of("A", 0xFFFF'FFFF).charge() == 0xFFFF'FFFF);
  CHECK(AllotmentEntry::of("A", 1).same_sim(AllotmentEntry::of("A", 2)));
  CHECK_FALSE(AllotmentEntry::of("A", 1).same_sim(AllotmentEntry::of("B", 1)));
  CHECK(AllotmentEntry::of("A", 1) < AllotmentEntry::of("A", 256));
  CHECK(test::category_of([] { (void)AllotmentEntry::of("A", std::uint64_t{1} << 32); }) == Category::refused);
}
