// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "provision/ledger/ledger.h"
#include "provision/order.h"

namespace lightseed {

/// The next order for the SIMs of an earlier one that need keys.
struct TopUp {
  OrderLines lines{};             ///< of its SIMs, as the earlier order has them, and as long as that lives
  std::uint64_t low = 0;          ///< SIMs in it that run low, or have none left
  std::uint64_t rejected = 0;     ///< SIMs in it whose keys a side could not load
  std::uint64_t enough = 0;       ///< SIMs that have keys, or get them just now
  std::uint64_t revoked = 0;      ///< SIMs that get no more keys
  std::uint64_t never_given = 0;  ///< SIMs that this ledger gave no keys

  [[nodiscard]] std::uint64_t sims() const noexcept { return low + rejected; }
};

/// Looks every SIM of `order` up. A SIM needs keys when none of its blocks is on its way or has enough left, unless it
/// was revoked. Throws what the ledger does, and Error(io).
TopUp top_up_of(const Order& order, Ledger& ledger);

/// Writes it as an order with the header iccid,imsi,msisdn,profile, piece by piece. Throws what `write` does, and
/// Error(io).
void write_csv(const TopUp& top_up, const std::function<void(std::string_view csv)>& write);

}  // namespace lightseed
