#pragma once

#include <nlohmann/json.hpp>

namespace lightseed {

/// JSON whose members keep the order they were written in: certificates are read by people too.
using Json = nlohmann::ordered_json;

}  // namespace lightseed
