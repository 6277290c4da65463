// SPDX-License-Identifier: Apache-2.0
#include "provision/top_up.h"

#include <fmt/format.h>

#include <algorithm>
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

/// Whether it gets more.
bool count(TopUp& top_up, Need need) {
  switch (need) {
    case Need::never_given: ++top_up.never_given; return false;
    case Need::enough: ++top_up.enough; return false;
    case Need::revoked: ++top_up.revoked; return false;
    case Need::low: ++top_up.low; break;
    case Need::rejected: ++top_up.rejected; break;
  }
  return true;
}

}  // namespace

TopUp top_up_of(const Order& order, Ledger& ledger) {
  constexpr std::size_t part = std::size_t{1} << 16;
  TopUp top_up;
  OrderLineCollector needed;
  std::vector<std::string> iccids;
  ledger.at_one_moment([&] {
    for (std::size_t begin = 0; begin < order.lines.size(); begin += part) {
      const auto lines = order.lines.part(begin, std::min(part, order.lines.size() - begin)).copy();
      iccids.clear();
      for (const OrderLine& line : lines)
        iccids.emplace_back(line.iccid);
      const auto stages = ledger.stages_of_sims(iccids);
      for (std::size_t i = 0; i < lines.size(); ++i)
        if (count(top_up, need_of(stages[i]))) needed.add(lines[i]);
    }
  });
  top_up.lines = needed.finish();
  return top_up;
}

void write_csv(const TopUp& top_up, const std::function<void(std::string_view)>& write) {
  write("iccid,imsi,msisdn,profile\n");
  std::string csv;
  for (const OrderLine& line : top_up.lines) {
    csv += fmt::format("{},{},{},{}\n", line.iccid.view(), line.imsi.view(), line.msisdn.view(), line.profile.view());
    if (csv.size() < (1U << 16)) continue;
    write(csv);
    csv.clear();
  }
  write(csv);
}

}  // namespace lightseed
