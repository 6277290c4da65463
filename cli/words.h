// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lightseed::cli {

/// "1 SIM", "2 SIMs".
std::string counted(std::uint64_t number, std::string_view singular);

/// `text` in lines of at most `columns` columns, broken at blanks; every line but the first begins with `indent`
/// blanks. Words longer than a line stay whole. Newlines in `text` stay.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent = 0);

}  // namespace lightseed::cli
