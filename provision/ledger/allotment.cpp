// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/allotment.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "provision/ledger/event.h"

namespace lightseed {
namespace {

constexpr std::size_t digest_bytes = 32;
constexpr std::size_t index_row_bytes = AllotmentEntry::bytes + digest_bytes;

AllotmentEntry entry_at(std::string_view bytes, std::size_t offset) {
  AllotmentEntry entry;
  std::ranges::copy(bytes_of(bytes.substr(offset, AllotmentEntry::bytes)), entry.value.begin());
  return entry;
}

/// The pages of one allotment, the last one fetched at hand.
class Pages {
 public:
  Pages(std::string_view index, const std::function<std::string(std::size_t)>& fetch) : index_(index), fetch_(fetch) {}

  [[nodiscard]] std::size_t count() const noexcept { return index_.size() / index_row_bytes; }
  [[nodiscard]] AllotmentEntry first_of(std::size_t page) const { return entry_at(index_, page * index_row_bytes); }

  /// The page that an entry is in, or would be.
  [[nodiscard]] std::size_t page_for(const AllotmentEntry& entry) const {
    std::size_t low = 0;
    std::size_t high = count();
    while (high - low > 1) {
      const std::size_t middle = low + (high - low) / 2;
      (first_of(middle) <= entry ? low : high) = middle;
    }
    return low;
  }

  /// Nothing when it is not as the index says.
  const std::string* fetch(std::size_t page) {
    if (number_ == page) return &bytes_;
    number_.reset();
    bytes_ = fetch_(page);
    const auto digest = sha256(bytes_of(bytes_));
    const std::string_view stated = index_.substr(page * index_row_bytes + AllotmentEntry::bytes, digest_bytes);
    if (bytes_.empty() || bytes_.size() % AllotmentEntry::bytes != 0 || text_of(digest) != stated ||
        entry_at(bytes_, 0) != first_of(page)) {
      return nullptr;
    }
    number_ = page;
    return &bytes_;
  }

 private:
  std::string_view index_;
  const std::function<std::string(std::size_t)>& fetch_;
  std::optional<std::size_t> number_;
  std::string bytes_;
};

std::size_t lower_bound_in(std::string_view page, const AllotmentEntry& entry) {
  std::size_t low = 0;
  std::size_t high = page.size() / AllotmentEntry::bytes;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (entry_at(page, middle * AllotmentEntry::bytes) < entry) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

using Found = std::function<void(std::size_t position, std::uint32_t charge)>;

/// All entries, each looked for among those that are wanted.
bool search_by_entry(Pages& pages, std::span<const AllotmentEntry> wanted, const Found& found) {
  for (std::size_t number = 0; number < pages.count(); ++number) {
    const std::string* const bytes = pages.fetch(number);
    if (bytes == nullptr) return false;
    for (std::size_t offset = 0; offset < bytes->size(); offset += AllotmentEntry::bytes) {
      const AllotmentEntry entry = entry_at(*bytes, offset);
      for (auto sim = std::ranges::lower_bound(wanted, entry.without_charge());
           sim != wanted.end() && sim->same_sim(entry); ++sim)
        found(static_cast<std::size_t>(sim - wanted.begin()), entry.charge());
    }
  }
  return true;
}

}  // namespace

AllotmentEntry AllotmentEntry::of(std::string_view iccid, std::uint64_t charge) {
  if (charge > std::numeric_limits<std::uint32_t>::max())
    throw Error(Category::refused, fmt::format("SIM {} cannot have a charge {}", iccid, charge));
  std::string text;
  append_netstring(text, "lightseed/sim/v1");
  append_netstring(text, iccid);
  const auto digest = sha256(bytes_of(text));
  AllotmentEntry entry;
  std::copy_n(digest.begin(), sim_bytes, entry.value.begin());
  for (std::size_t i = 0; i < bytes - sim_bytes; ++i)
    entry.value[bytes - 1 - i] = static_cast<std::byte>(charge >> (8 * i) & 0xFFU);
  return entry;
}

std::uint32_t AllotmentEntry::charge() const noexcept {
  std::uint32_t number = 0;
  for (std::size_t i = sim_bytes; i < bytes; ++i)
    number = number << 8 | std::to_integer<std::uint32_t>(value[i]);
  return number;
}

AllotmentEntry AllotmentEntry::without_charge() const noexcept {
  AllotmentEntry entry = *this;
  std::fill(entry.value.begin() + sim_bytes, entry.value.end(), std::byte{0});
  return entry;
}

bool AllotmentEntry::same_sim(const AllotmentEntry& other) const noexcept {
  return std::equal(value.begin(), value.begin() + sim_bytes, other.value.begin());
}

Allotment allotment_of(std::vector<AllotmentEntry> entries) {
  std::ranges::sort(entries);
  Allotment allotment;
  const std::span<const AllotmentEntry> all(entries);
  for (std::size_t first = 0; first < all.size(); first += Allotment::entries_a_page) {
    std::string page;
    for (const AllotmentEntry& entry : all.subspan(first, std::min(Allotment::entries_a_page, all.size() - first)))
      page += text_of(entry.value);
    allotment.index += text_of(all[first].value);
    allotment.index += text_of(sha256(bytes_of(page)));
    allotment.pages.push_back(std::move(page));
  }
  return allotment;
}

std::string digest_of_allotment(std::string_view batch, std::string_view index) {
  std::string text;
  append_netstring(text, "lightseed/allotment/v1");
  append_netstring(text, batch);
  append_netstring(text, index);
  return hex(sha256(bytes_of(text)));
}

bool search_allotment(std::string_view index, std::span<const AllotmentEntry> wanted,
                      const std::function<std::string(std::size_t number)>& page, const Found& found) {
  if (index.size() % index_row_bytes != 0) return false;
  Pages pages(index, page);
  if (pages.count() == 0) return true;
  if (wanted.size() > pages.count() * Allotment::entries_a_page) return search_by_entry(pages, wanted, found);
  for (std::size_t position = 0; position < wanted.size(); ++position) {
    const AllotmentEntry& sim = wanted[position];
    // The charges of one SIM may go on in the next page.
    for (std::size_t number = pages.page_for(sim); number < pages.count(); ++number) {
      if (sim < pages.first_of(number) && !sim.same_sim(pages.first_of(number))) break;
      const std::string* const bytes = pages.fetch(number);
      if (bytes == nullptr) return false;
      std::size_t at = lower_bound_in(*bytes, sim);
      const std::size_t end = bytes->size() / AllotmentEntry::bytes;
      for (; at < end; ++at) {
        const AllotmentEntry entry = entry_at(*bytes, at * AllotmentEntry::bytes);
        if (!entry.same_sim(sim)) break;
        found(position, entry.charge());
      }
      if (at < end) break;
    }
  }
  return true;
}

}  // namespace lightseed
