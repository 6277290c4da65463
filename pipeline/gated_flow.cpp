// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gated_flow.h"

#include "pipeline/gated_reader.h"
#include "pipeline/pool.h"

namespace lightseed {

std::unique_ptr<GatedFlow> gated_flow(Source& source, const GateOptions& options) {
  if (auto* const pool = dynamic_cast<Pool*>(&source)) return pool->gated(options);
  return std::make_unique<GatedReader>(source, options);
}

Category category_of(ReadState state) noexcept {
  switch (state) {
    case ReadState::end_of_data: return Category::not_enough_data;
    case ReadState::alarm: return Category::health;
    case ReadState::stopped: return Category::interrupted;
    case ReadState::ok:
    case ReadState::restarted: return Category::internal;
    case ReadState::timeout:
    case ReadState::disconnected:
    case ReadState::fault: break;
  }
  return Category::device;
}

}  // namespace lightseed
