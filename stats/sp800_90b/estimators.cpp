// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/estimators.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/error.h"
#include "stats/sp800_90b/non_iid/collision.h"
#include "stats/sp800_90b/non_iid/compression.h"
#include "stats/sp800_90b/non_iid/lag.h"
#include "stats/sp800_90b/non_iid/lz78y.h"
#include "stats/sp800_90b/non_iid/markov.h"
#include "stats/sp800_90b/non_iid/most_common_value.h"
#include "stats/sp800_90b/non_iid/multi_mcw.h"
#include "stats/sp800_90b/non_iid/multi_mmc.h"
#include "stats/sp800_90b/non_iid/sorted_suffixes.h"
#include "stats/sp800_90b/non_iid/tuples.h"

namespace lightseed::sp800_90b {
namespace {

/// A new estimator is one line here.
const std::vector<Estimator>& table() {
  static const std::vector<Estimator> all{
      most_common_value_estimator(), collision_estimator(), markov_estimator(),    compression_estimator(),
      t_tuple_estimator(),           lrs_estimator(),       multi_mcw_estimator(), lag_estimator(),
      multi_mmc_estimator(),         lz78y_estimator(),
  };
  return all;
}

std::vector<std::string_view> ids_of(bool (*take)(const Estimator&)) {
  std::vector<std::string_view> ids;
  for (const Estimator& estimator : table()) {
    if (take(estimator)) ids.push_back(estimator.id);
  }
  return ids;
}

}  // namespace

const RepeatCensus& ViewedData::census() const {
  if (!census_) census_ = binary() ? census_of_repeats(bits()) : census_of_repeats(symbols(), alphabet());
  return *census_;
}

std::span<const Estimator> estimators() {
  return table();
}

const Estimator* find_estimator(std::string_view id) {
  const auto found = std::find_if(table().begin(), table().end(), [&](const Estimator& e) { return e.id == id; });
  return found == table().end() ? nullptr : &*found;
}

std::span<const std::string_view> estimator_ids() {
  static const auto ids = ids_of([](const Estimator&) { return true; });
  return ids;
}

std::span<const std::string_view> one_pass_ids() {
  static const auto ids = ids_of([](const Estimator& estimator) { return estimator.one_pass != nullptr; });
  return ids;
}

bool wanted(std::string_view id, const std::vector<std::string>& only) {
  return only.empty() || std::find(only.begin(), only.end(), id) != only.end();
}

void check_ids(const std::vector<std::string>& only) {
  for (const std::string& id : only) {
    if (find_estimator(id) == nullptr) {
      throw Error(Category::usage,
                  fmt::format("there is no estimator \"{}\"; there are {}", id, fmt::join(estimator_ids(), ", ")));
    }
  }
}

Estimate too_short(const Estimator& estimator) {
  return {.id = std::string(estimator.id), .not_run = fmt::format("it needs {} samples or more", estimator.least)};
}

}  // namespace lightseed::sp800_90b
