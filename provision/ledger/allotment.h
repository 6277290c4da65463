// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// Which SIMs a batch gave keys to, as a list that the history vouches for and that can be asked for one SIM without
/// reading the others.
///
/// A row of a table can be changed by whoever can write the file; the history cannot, not unseen. So when a batch is
/// certified its SIMs are written down a second time, sorted, in pages; the index names each page's first entry and its
/// SHA-256, and an event of the chain holds the digest of the index. "Has this SIM keys?" is then answered twice, by
/// the tables and by one page of each batch, and the answers must agree. For ten million SIMs all indexes together are
/// 2 MB.

/// A SIM and the charge it got: 12 bytes of SHA-256 over the ICCID, and the number in 4 bytes, high byte first, so that
/// entries sort as their bytes do.
struct AllotmentEntry {
  static constexpr std::size_t bytes = 16;
  static constexpr std::size_t sim_bytes = 12;
  std::array<std::byte, bytes> value{};

  /// Throws Error(refused) for a charge of 2^32 or more.
  static AllotmentEntry of(std::string_view iccid, std::uint64_t charge);

  [[nodiscard]] std::uint32_t charge() const noexcept;
  /// The same SIM with charge 0, which sorts before all its charges.
  [[nodiscard]] AllotmentEntry without_charge() const noexcept;
  [[nodiscard]] bool same_sim(const AllotmentEntry& other) const noexcept;
  auto operator<=>(const AllotmentEntry&) const = default;
};

struct Allotment {
  static constexpr std::size_t entries_a_page = 256;

  std::vector<std::string> pages;  ///< entries one after another
  std::string index;               ///< for each page its first entry and its SHA-256
};

/// In any order; they are sorted here.
Allotment allotment_of(std::vector<AllotmentEntry> entries);

/// SHA-256, in hexadecimal, over a domain name, the batch and the index, as netstrings.
std::string digest_of_allotment(std::string_view batch, std::string_view index);

/// Finds entries of an allotment through its index; pages are fetched as they are needed, each at most once.
///
/// Of a small batch and a large order the batch's entries are looked for in the order instead: either way the shorter
/// list is walked. `wanted` is sorted, with charge 0. `page` gives a page's bytes. `found` gets the position in
/// `wanted` and the charge, for each charge of each SIM that is there. Returns false when a page is not as the index
/// says.
bool search_allotment(std::string_view index, std::span<const AllotmentEntry> wanted,
                      const std::function<std::string(std::size_t number)>& page,
                      const std::function<void(std::size_t position, std::uint32_t charge)>& found);

}  // namespace lightseed
