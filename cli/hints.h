// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lightseed::cli {

/// The sentence, and in brackets which option of the command does what it advises. Sentences of the libraries name no
/// options: whoever links them has none.
std::string with_hint(const std::string& sentence);

}  // namespace lightseed::cli
