// SPDX-License-Identifier: Apache-2.0
#include "provision/top_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lightseed {
namespace {

/// In the order in which one reason goes before another.
enum class Need { never_given, rejected, low, enough, revoked };

Need need_of(const std::vector<SimBlock>& blocks) {
  Need need = Need::never_given;
  bool served = false;
  for (const SimBlock& block : blocks) {
    switch (stage_of(block.facts)) {
      case BlockStage::revoked: return Need::revoked;
      case BlockStage::rejected: need = std::max(need, Need::rejected); break;
      case BlockStage::low:
      case BlockStage::exhausted:
      case BlockStage::destroyed: need = Need::low; break;
      case BlockStage::burned: break;
      case BlockStage::generated:
      case BlockStage::certified:
      case BlockStage::issued:
      case BlockStage::loaded:
      case BlockStage::active: served = true; break;
    }
  }
  return served ? Need::enough : need;
}

}  // namespace

TopUp top_up_of(const Order& order, Ledger& ledger) {
  TopUp top_up;
  top_up.csv = "iccid,imsi,msisdn,profile\n";
  ledger.at_one_moment([&] {
    for (const OrderLine& line : order.lines) {
      const Need need = need_of(ledger.blocks_of_sim(std::string(line.iccid)));
      switch (need) {
        case Need::never_given: ++top_up.never_given; continue;
        case Need::enough: ++top_up.enough; continue;
        case Need::revoked: ++top_up.revoked; continue;
        case Need::low: ++top_up.low; break;
        case Need::rejected: ++top_up.rejected; break;
      }
      top_up.csv +=
          fmt::format("{},{},{},{}\n", line.iccid.view(), line.imsi.view(), line.msisdn.view(), line.profile.view());
    }
  });
  return top_up;
}

}  // namespace lightseed
