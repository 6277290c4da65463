// SPDX-License-Identifier: Apache-2.0
#include "pipeline/seed_source.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"
#include "pipeline/pool_members.h"
#include "pipeline/same_source.h"

namespace lightseed {
namespace {

constexpr double seed_share_log2 = -16;  // of the run's epsilon

}  // namespace

SeedSource seed_from(Source& second, double log2_epsilon, Assess assess, Patience patience) {
  return {.uri = second.info().uri,
          .log2_epsilon = log2_epsilon,
          .fill = [&second, log2_epsilon, assess = std::move(assess),
                   patience = std::move(patience)](std::span<std::byte> out) {
            KeyStream bits(second, seed_settings(out.size(), log2_epsilon), assess, patience);
            bits.fill(out, patience);
            second.stop();
          }};
}

KeyStreamSettings seed_settings(std::uint64_t bytes, double log2_epsilon) {
  return {.bytes = bytes, .log2_epsilon = log2_epsilon};
}

double seed_log2_epsilon(double run_log2_epsilon) noexcept {
  return run_log2_epsilon + seed_share_log2;
}

void require_seed_source(const SourceInfo& second, const SourceInfo& first) {
  const auto refuse = [&](std::string_view why) {
    throw Error(Category::refused, fmt::format("{} cannot give the seed of the extractor: {}", second.uri, why));
  };
  const auto is_pool = [](const SourceInfo& info) { return info.driver == "pool:" || info.driver == "usb:*"; };
  if (is_pool(second)) refuse("it is a pool, of which the evidence would not say what is in it; name one source");
  const auto require_other = [&](const SourceInfo& one) {
    if (const auto same = same_opened_source(second, one))
      refuse(
          fmt::format("it is the source of the keys' samples ({}), and the seed must be independent of them", *same));
  };
  if (is_pool(first)) {
    for (const SourceInfo& member : members_of(first))
      require_other(member);
  } else {
    require_other(first);
  }
  if (worst(second.provenance, first.provenance) != first.provenance) {
    refuse(
        fmt::format("it is {}, and the keys' source is {}; name one that is no worse, or leave the seed to the "
                    "operating system's generator alone",
                    name_of(second.provenance), name_of(first.provenance)));
  }
}

}  // namespace lightseed
