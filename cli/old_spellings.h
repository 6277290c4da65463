// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace lightseed::cli {

/// Calls that earlier releases understood are rewritten into today's, for scripts that were written for them.
/// Changes `verb` and `arguments`; returns a hint a rewriting: "`--log2-epsilon -64` is now `--epsilon 2^-64`".
std::vector<std::string> translate_old_spellings(std::string& verb, std::vector<std::string>& arguments);

}  // namespace lightseed::cli
