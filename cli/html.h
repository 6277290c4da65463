// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace lightseed::cli {

/// Somebody else's text on one line of HTML, as content or in a quoted attribute: printable(), and < > & " ' escaped.
std::string html_text(std::string_view text);

/// A folded table with one row of numbers under these titles, which are our own words.
std::string row_of_numbers(std::string_view caption, std::span<const std::string> titles,
                           std::span<const double> values);

/// A folded table of numbers in rows of so many, each row headed by the number of its first one, counted from `first`.
std::string rows_of_numbers(std::string_view caption, std::span<const double> values, std::size_t per_row,
                            std::size_t first);

/// Begins a folded table: `summary` is HTML. Long ones are printed on paper only when the reader has opened them. It
/// ends with `end_of_folded`.
std::string begin_folded(std::string_view summary, std::size_t cells);
inline constexpr std::string_view end_of_folded = "</tbody></table></div></details>\n";

}  // namespace lightseed::cli
