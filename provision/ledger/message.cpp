// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/message.h"

#include <algorithm>
#include <array>

#include "provision/ledger/event.h"

namespace lightseed {
namespace {

constexpr std::array announced{event_names::issued,  event_names::released,  event_names::acknowledged,
                               event_names::revoked, event_names::destroyed, event_names::alarmed,
                               event_names::restored};

}  // namespace

bool is_announced(std::string_view event) noexcept {
  return std::ranges::find(announced, event) != announced.end();
}

std::string message_text(const LedgerMessage& message) {
  Json json{{"schema", "lightseed/ledger-message/v1"},
            {"id", message.id},
            {"ledger", message.ledger_id},
            {"sequence", message.sequence},
            {"part", message.part},
            {"event", message.event},
            {"time", message.moment}};
  const auto tell = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text;
  };
  tell("batch", message.batch);
  tell("order", message.order_id);
  tell("side", message.outlet);
  tell("file", message.file);
  tell("sha256", message.sha256);
  const bool answers = message.event == event_names::acknowledged;
  if (answers) {
    json["rejected"] = message.sims;
    json["active"] = message.active;
  } else if (message.sims > 0) {
    json["sims"] = message.sims;
  }
  tell("first_iccid", message.first_iccid);
  tell("last_iccid", message.last_iccid);
  if (message.event == event_names::issued && message.part == 0) {
    json["files"] = message.files;
    json["held"] = message.held;
  }
  if (message.epoch > 0) json["epoch"] = message.epoch;
  // A name that is no UTF-8 cannot stop all that come behind it.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lightseed
