// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "evidence/json_text.h"

namespace lightseed {

/// A record as the text of a file of its own. `Record` has a to_json().
template <typename Record>
std::string record_text(const Record& record) {
  return json_text(to_json(record), 1) + "\n";
}

}  // namespace lightseed
