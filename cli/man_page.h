// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lightseed::cli {

/// The man page lightseed(1) in man(7) macros, made from the table of verbs.
std::string man_page();

}  // namespace lightseed::cli
