// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lightseed::cli {

/// File names, fields of an order, URIs and words of devices are somebody else's. Written raw they can clear the
/// screen, forge a line of a report, or turn the reading direction; that is prevented here, for all output of the
/// command.

/// `text` on one line: control characters (newlines too), bytes that are no UTF-8, invisible characters and marks of
/// reading direction appear as \xNN or \u{NNNN}. More than `most` bytes are cut, and it says how many are left out.
std::string printable(std::string_view text, std::size_t most = 400);

/// The same for text of several lines, each cut at `most` bytes: newlines stay.
std::string printable_lines(std::string_view text, std::size_t most = 4000);

/// JSON text for a terminal: what is harmful there appears as JSON's own \uNNNN, so that its value stays the same.
std::string printable_json(std::string_view json);

}  // namespace lightseed::cli
