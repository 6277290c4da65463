// SPDX-License-Identifier: Apache-2.0
#include "provision/order/duplicates.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "provision/order/fixed_text.h"

// The keys of a long order do not fit into memory. They are put in an order of their own, by hash and then by key, and
// every walk over the lines takes the next stretch of that order: as many keys as there is room for. Equal keys are in
// one stretch. Hashes spread keys evenly, so that the end of a stretch can be told beforehand; who writes an order may
// make hashes meet, though, and a stretch that gets too full ends earlier, at a key in its middle.
namespace lightseed {
namespace {

using Key = std::string_view (*)(const OrderLine&);

/// A place in the order of keys; every key with this hash stands behind an empty text.
struct Place {
  std::uint64_t hash;
  std::string key;
};

struct Entry {
  FixedText<20> key;
  std::uint32_t hash;
  std::uint32_t index;
  std::uint32_t line;
};
static_assert(sizeof(Entry) == 32);

constexpr std::uint64_t hashes = std::uint64_t{1} << 32;

std::uint32_t hash_of(std::string_view text) noexcept {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15;
  std::uint64_t mixed = text.size();
  while (!text.empty()) {
    std::uint64_t word = 0;
    const std::size_t size = std::min(text.size(), sizeof(word));
    std::memcpy(&word, text.data(), size);
    mixed = (mixed ^ word) * factor;
    mixed ^= mixed >> 32;
    text.remove_prefix(size);
  }
  return static_cast<std::uint32_t>((mixed * factor) >> 32);
}

bool ascend(const OrderLines& lines, Key key) {
  std::optional<OrderLine> before;
  for (const OrderLine& line : lines) {
    if (before && key(line) <= key(*before)) return false;
    before = line;
  }
  return true;
}

/// The keys of one stretch.
class Stretch {
 public:
  /// From `begin` on, up to `end`, or to the last key.
  Stretch(std::vector<Entry>& entries, std::size_t room, Place begin, std::optional<Place> end)
      : entries_(entries), room_(room), begin_(std::move(begin)), end_(std::move(end)) {
    entries_.clear();
  }

  void add(std::string_view key, std::uint32_t index, std::uint32_t line,
           const std::function<void(const Duplicate&)>& found) {
    const std::uint32_t hash = hash_of(key);
    if (is_before(hash, key, begin_) || (end_ && !is_before(hash, key, *end_))) return;
    if (entries_.size() == room_) make_room(found);
    if (end_ && !is_before(hash, key, *end_)) return;  // it ends earlier now
    entries_.push_back({.key = key, .hash = hash, .index = index, .line = line});
  }

  void tell(const std::function<void(const Duplicate&)>& found) {
    sort();
    keep_first_ones(found);
  }

  [[nodiscard]] const std::optional<Place>& end() const noexcept { return end_; }

 private:
  std::vector<Entry>& entries_;
  std::size_t room_;
  Place begin_;
  std::optional<Place> end_;

  static bool is_before(std::uint32_t hash, std::string_view key, const Place& place) {
    return hash != place.hash ? hash < place.hash : key < place.key;
  }

  static bool is_same(const Entry& a, const Entry& b) { return a.hash == b.hash && a.key == b.key; }

  void sort() {
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      if (a.hash != b.hash) return a.hash < b.hash;
      const int order = a.key.view().compare(b.key.view());
      return order != 0 ? order < 0 : a.index < b.index;
    });
  }

  /// Of sorted entries.
  void keep_first_ones(const std::function<void(const Duplicate&)>& found) {
    std::size_t kept = 0;
    for (const Entry& entry : entries_) {
      if (kept > 0 && is_same(entries_[kept - 1], entry)) {
        found({.index = entry.index, .line = entry.line, .first = entries_[kept - 1].line, .key = entry.key.view()});
      } else {
        entries_[kept++] = entry;
      }
    }
    entries_.resize(kept);
  }

  /// Half of it is free then.
  void make_room(const std::function<void(const Duplicate&)>& found) {
    tell(found);
    if (entries_.size() <= room_ / 2) return;
    const Entry& middle = entries_[room_ / 2];
    end_ = Place{middle.hash, middle.key};
    entries_.resize(room_ / 2);
  }
};

}  // namespace

void find_duplicates(const OrderLines& lines, Key key, std::size_t at_once,
                     const std::function<void(const Duplicate&)>& found) {
  if (ascend(lines, key)) return;
  const std::size_t room = std::min(at_once, lines.size());
  std::vector<Entry> entries;
  entries.reserve(room);
  // An eighth of the room is for what chance does.
  const std::uint64_t stretches = room == lines.size() ? 1 : lines.size() / (room - room / 8) + 1;
  for (std::optional<Place> begin = Place{0, ""}; begin;) {
    const std::uint64_t end = begin->hash + hashes / stretches;
    Stretch stretch(entries, room, *begin,
                    stretches > 1 && end < hashes ? std::optional(Place{end, ""}) : std::nullopt);
    std::uint32_t index = 0;
    for (const OrderLine& line : lines)
      stretch.add(key(line), index++, line.line, found);
    stretch.tell(found);
    begin = stretch.end();
  }
}

}  // namespace lightseed
