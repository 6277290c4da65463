// SPDX-License-Identifier: Apache-2.0
#include "evidence/epsilon_record.h"

namespace lightseed {
namespace {

constexpr double least_log2 = -4000;
constexpr std::size_t most_charges = 1000;  // distinct epsilons; a run has one for its blocks and one for its seed

}  // namespace

std::string_view name_of(EpsilonRecord::Charge::What what) noexcept {
  return what == EpsilonRecord::Charge::What::blocks ? "blocks" : "seed";
}

Json to_json(const EpsilonRecord& record) {
  Json charges = Json::array();
  for (const EpsilonRecord::Charge& charge : record.charges) {
    charges.push_back({{"what", name_of(charge.what)}, {"log2_epsilon", charge.log2_epsilon}, {"count", charge.count}});
  }
  return Json{{"limit_log2", record.limit_log2},
              {"total_log2", record.total_log2 ? Json(*record.total_log2) : Json()},
              {"blocks", record.blocks},
              {"charges", std::move(charges)}};
}

EpsilonRecord epsilon_record_from(ObjectReader reader) {
  using What = EpsilonRecord::Charge::What;
  static constexpr What all[] = {What::blocks, What::seed};
  EpsilonRecord record;
  record.limit_log2 = reader.number("limit_log2", least_log2, 0);
  record.total_log2 = reader.number_or_null("total_log2");
  record.blocks = reader.count("blocks");
  for (ObjectReader charge : reader.objects("charges", most_charges)) {
    EpsilonRecord::Charge one;
    one.what = take_enum(charge, "what", all);
    one.log2_epsilon = charge.number("log2_epsilon", least_log2, 0);
    one.count = charge.count("count");
    charge.finish();
    record.charges.push_back(one);
  }
  reader.finish();
  return record;
}

}  // namespace lightseed
