// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pool_members.h"

namespace lightseed {
namespace {

constexpr std::size_t most_members = 256;

}  // namespace

std::vector<SourceInfo> members_of(const SourceInfo& pool) {
  ObjectReader reader(pool.parameters, "source.parameters");
  std::vector<SourceInfo> members;
  for (ObjectReader& member : reader.objects("members", most_members))
    members.push_back(take_source_info(member));
  return members;
}

}  // namespace lightseed
