// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lightseed::cli {

/// The script that draws the plots of a page, made by npm from cli/report/ and part of the command; empty in a build
/// without it (LIGHTSEED_REPORT_PLOTS). ASCII, and nothing in it ends a script element.
std::string_view report_script() noexcept;

}  // namespace lightseed::cli
