// SPDX-License-Identifier: Apache-2.0
#include "provision/top_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace lightseed {
namespace {

/// In the order in which one reason goes before another.
enum class Need { never_given, rejected, low, enough, revoked };

Need need_of(const std::vector<BlockStage>& blocks) {
  Need need = Need::never_given;
  bool served = false;
  for (const BlockStage stage : blocks) {
    switch (stage) {
      case BlockStage::revoked: return Need::revoked;
      case BlockStage::rejected: need = std::max(need, Need::rejected); break;
      case BlockStage::low:
      case BlockStage::exhausted:
      case BlockStage::destroyed: need = Need::low; break;
      case BlockStage::burned: break;
      case BlockStage::generated:
      case BlockStage::certified:
      case BlockStage::held:
      case BlockStage::issued:
      case BlockStage::loaded:
      case BlockStage::active: served = true; break;
    }
  }
  return served ? Need::enough : need;
}

void enter(TopUp& top_up, const OrderLine& line, Need need) {
  switch (need) {
    case Need::never_given: ++top_up.never_given; return;
    case Need::enough: ++top_up.enough; return;
    case Need::revoked: ++top_up.revoked; return;
    case Need::low: ++top_up.low; break;
    case Need::rejected: ++top_up.rejected; break;
  }
  top_up.csv +=
      fmt::format("{},{},{},{}\n", line.iccid.view(), line.imsi.view(), line.msisdn.view(), line.profile.view());
}

}  // namespace

TopUp top_up_of(const Order& order, Ledger& ledger) {
  constexpr std::size_t part = std::size_t{1} << 16;
  TopUp top_up;
  top_up.csv = "iccid,imsi,msisdn,profile\n";
  std::vector<std::string> iccids;
  ledger.at_one_moment([&] {
    for (std::size_t begin = 0; begin < order.lines.size(); begin += part) {
      const auto lines = std::span(order.lines).subspan(begin, std::min(part, order.lines.size() - begin));
      iccids.clear();
      for (const OrderLine& line : lines)
        iccids.emplace_back(line.iccid);
      const auto stages = ledger.stages_of_sims(iccids);
      for (std::size_t i = 0; i < lines.size(); ++i)
        enter(top_up, lines[i], need_of(stages[i]));
    }
  });
  return top_up;
}

}  // namespace lightseed
