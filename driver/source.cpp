// SPDX-License-Identifier: Apache-2.0
#include "driver/source.h"

namespace lightseed {

std::string_view name_of(ReadState state) noexcept {
  switch (state) {
    case ReadState::ok: return "ok";
    case ReadState::end_of_data: return "end-of-data";
    case ReadState::timeout: return "timeout";
    case ReadState::stopped: return "stopped";
    case ReadState::restarted: return "restarted";
    case ReadState::alarm: return "alarm";
    case ReadState::disconnected: return "disconnected";
    case ReadState::fault: return "fault";
  }
  return "unknown";
}

}  // namespace lightseed
