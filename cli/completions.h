// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lightseed::cli {

/// The shells there are completions for: "bash", "zsh", "fish".
const std::vector<std::string>& completion_shells();

/// The completion script of a shell, made from the table of verbs. Throws Error(usage) for another shell.
std::string completion_for(std::string_view shell);

}  // namespace lightseed::cli
