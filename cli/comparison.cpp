// SPDX-License-Identifier: Apache-2.0
#include "cli/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "cli/printable.h"

namespace lightseed::cli {
namespace {

using sp800_90b::Assessment;

/// An estimate of both, in bits a sample of either.
struct Pair {
  std::string id;
  DataView view = DataView::literal;
  std::optional<double> one{}, other{};

  [[nodiscard]] std::optional<double> difference() const {
    return one && other ? std::optional(*other - *one) : std::nullopt;
  }
};

std::optional<double> bits_a_sample(const Assessment& assessment, const std::string& id, DataView view) {
  for (const EstimateRecord& estimate : assessment.estimates) {
    if (estimate.id != id || estimate.view != view) continue;
    if (!estimate.not_run.empty()) return std::nullopt;
    return view == DataView::bitstring ? estimate.min_entropy * assessment.width : estimate.min_entropy;
  }
  return std::nullopt;
}

std::vector<Pair> pairs_of(const Assessment& one, const Assessment& other) {
  std::vector<Pair> pairs;
  for (const Assessment* const assessment : {&one, &other}) {
    for (const EstimateRecord& estimate : assessment->estimates) {
      const bool is_there = std::any_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
        return pair.id == estimate.id && pair.view == estimate.view;
      });
      if (is_there) continue;
      pairs.push_back({.id = estimate.id,
                       .view = estimate.view,
                       .one = bits_a_sample(one, estimate.id, estimate.view),
                       .other = bits_a_sample(other, estimate.id, estimate.view)});
    }
  }
  return pairs;
}

std::string cell(std::optional<double> value) {
  return value ? fmt::format("{:>10.6f}", *value) : "         –";
}
std::string change(std::optional<double> value) {
  return value ? fmt::format("{:>+10.6f}", *value) : "         –";
}
Json json_of(std::optional<double> value) {
  return value ? Json(*value) : Json();
}

}  // namespace

std::string comparison_table(const Assessment& one, const Assessment& other, const std::string& first,
                             const std::string& second) {
  std::string table = fmt::format("\n{:<11} {:<9} {:>10} {:>10} {:>10}\n", "bits/sample", "", "A", "B", "B - A");
  for (const Pair& pair : pairs_of(one, other))
    table += fmt::format("{:<11} {:<9} {} {} {}\n", pair.id, name_of(pair.view), cell(pair.one), cell(pair.other),
                         change(pair.difference()));
  table += fmt::format("{:<21} {} {} {}\n", "min-entropy", cell(one.min_entropy), cell(other.min_entropy),
                       change(other.min_entropy - one.min_entropy));
  return table + fmt::format("A: {}\nB: {}\n", printable(first), printable(second));
}

Json comparison_json(const Assessment& one, const Assessment& other) {
  Json estimators = Json::array();
  for (const Pair& pair : pairs_of(one, other)) {
    estimators.push_back({{"id", pair.id},
                          {"data", name_of(pair.view)},
                          {"min_entropy", Json::array({json_of(pair.one), json_of(pair.other)})},
                          {"difference", json_of(pair.difference())}});
  }
  return {{"min_entropy", Json::array({one.min_entropy, other.min_entropy})},
          {"difference", other.min_entropy - one.min_entropy},
          {"estimators", estimators}};
}

}  // namespace lightseed::cli
