// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lightseed::cli {

/// How long something takes, for people: "40 s", "12 min", "3 h 20 min", "5 days". Not below 0.
std::string duration_words(double seconds);

}  // namespace lightseed::cli
