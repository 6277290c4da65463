// SPDX-License-Identifier: Apache-2.0
#include "provision/order/duplicates.h"

#include <algorithm>

namespace lightseed {
namespace {

struct Entry {
  std::uint64_t hash;
  std::uint32_t index;
};

/// FNV-1a. Who writes an order may make hashes meet: the keys themselves decide then, at the price of a longer sort.
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

std::vector<Duplicate> find_duplicates(std::span<const OrderLine> lines, std::string_view (*key)(const OrderLine&)) {
  const auto ascends = [&](const OrderLine& a, const OrderLine& b) { return key(a) < key(b); };
  const auto break_in_order =
      std::adjacent_find(lines.begin(), lines.end(), [&](const auto& a, const auto& b) { return !ascends(a, b); });
  if (break_in_order == lines.end()) return {};

  std::vector<Entry> entries;
  entries.reserve(lines.size());
  for (std::uint32_t i = 0; i < lines.size(); ++i)
    entries.push_back({hash_of(key(lines[i])), i});
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.hash < b.hash; });

  std::vector<Duplicate> found;
  for (auto run = entries.begin(); run != entries.end();) {
    const auto end = std::find_if(run, entries.end(), [&](const Entry& entry) { return entry.hash != run->hash; });
    if (end - run > 1) {
      std::sort(run, end, [&](const Entry& a, const Entry& b) {
        const int order = key(lines[a.index]).compare(key(lines[b.index]));
        return order != 0 ? order < 0 : a.index < b.index;
      });
      for (auto first = run, entry = run + 1; entry != end; ++entry) {
        if (key(lines[entry->index]) == key(lines[first->index])) {
          found.push_back({entry->index, first->index});
        } else {
          first = entry;
        }
      }
    }
    run = end;
  }
  return found;
}

}  // namespace lightseed
