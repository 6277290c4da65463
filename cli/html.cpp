// SPDX-License-Identifier: Apache-2.0
#include "cli/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/printable.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t longest_text = 4'000;  // bytes
/// Numbers that fill some ten sheets of paper.
constexpr std::size_t most_on_paper = 4'000;

}  // namespace

std::string html_text(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text, longest_text)) {
    switch (c) {
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '&': escaped += "&amp;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string begin_folded(std::string_view summary, std::size_t cells) {
  return fmt::format(
      "<details{1}><summary>{0}</summary><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">"
      "<table><thead>",
      summary, cells > most_on_paper ? " class=\"long\"" : "");
}

std::string row_of_numbers(std::string_view caption, std::span<const std::string> titles,
                           std::span<const double> values) {
  std::string text = begin_folded(caption, values.size()) + "<tr>";
  for (const std::string& title : titles)
    text += fmt::format("<th scope=\"col\">{}</th>", title);
  text += "</tr></thead><tbody>\n<tr>";
  for (const double value : values)
    text += fmt::format("<td>{:.6g}</td>", value);
  return text + "</tr>\n" + std::string(end_of_folded);
}

std::string rows_of_numbers(std::string_view caption, std::span<const double> values, std::size_t per_row,
                            std::size_t first) {
  std::string text = begin_folded(caption, values.size()) + "<tr><th scope=\"col\">first</th>";
  for (std::size_t k = 0; k < per_row; ++k)
    text += fmt::format("<th scope=\"col\">+{}</th>", k);
  text += "</tr></thead><tbody>\n";
  for (auto rest = values; !rest.empty();) {
    const auto row = rest.first(std::min(std::max<std::size_t>(per_row, 1), rest.size()));
    text += fmt::format("<tr><th scope=\"row\">{}</th>", first);
    for (const double value : row)
      text += fmt::format("<td>{:.6g}</td>", value);
    text += "</tr>\n";
    first += row.size();
    rest = rest.subspan(row.size());
  }
  return text + std::string(end_of_folded);
}

}  // namespace lightseed::cli
