// SPDX-License-Identifier: Apache-2.0
#include "provision/order/notices.h"

#include <fmt/format.h>

namespace lightseed {
namespace {

/// "1 line", "2 lines".
std::string number_of(std::uint64_t count, std::string_view singular) {
  return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

std::string columns_with(const Header& header, auto wanted) {
  constexpr std::size_t most = 30;
  std::string names;
  std::size_t count = 0;
  for (const OrderColumn& column : header.columns) {
    if (!wanted(column.meaning) || ++count > most) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", column.name.empty() ? "(no name)" : column.name);
  }
  return count > most ? fmt::format("{} and {} more", names, count - most) : names;
}

void add_columns(std::vector<std::string>& notices, const Header& header) {
  const auto is_left_out = [](ColumnMeaning m) { return m == ColumnMeaning::unused || m == ColumnMeaning::unknown; };
  if (const std::string names = columns_with(header, is_left_out); !names.empty())
    notices.push_back(fmt::format("columns not read: {}", names));
  const auto is_secret = [](ColumnMeaning m) { return m == ColumnMeaning::secret; };
  if (const std::string names = columns_with(header, is_secret); !names.empty()) {
    notices.push_back(fmt::format(
        "columns with keys and codes of the cards were not read: {}; an order needs none of them, and a file that has "
        "them is to be kept as keys are",
        names));
  }
}

}  // namespace

std::vector<std::string> notices_of(const Met& met) {
  std::vector<std::string> notices;
  if (met.encoding == Encoding::gbk) notices.emplace_back("the text is no UTF-8 and was read as GBK");
  if (met.header != nullptr) {
    if (!met.titles.empty()) {
      notices.push_back(fmt::format("{} before the header not read, the first: {}",
                                    number_of(met.titles.size(), "line"), met.titles.front()));
    }
    add_columns(notices, *met.header);
  }
  for (const IssuerCount& count : met.issuers) {
    if (count.issuer->check_digit) continue;
    notices.push_back(
        fmt::format("{} of {} ({}…) without a check digit that could be tested: a wrong digit in one is "
                    "not noticed",
                    number_of(count.sims, "ICCID"), count.issuer->name, count.issuer->prefix));
  }
  if (met.filled > 0) {
    notices.push_back(fmt::format("{} with an F that fills up to 20 characters: it is no part of the number",
                                  number_of(met.filled, "ICCID")));
  }
  if (met.lines_with_blanks > 0)
    notices.push_back(
        fmt::format("{} with blanks around values: they were left out", number_of(met.lines_with_blanks, "line")));
  if (met.empty_lines > 0)
    notices.push_back(fmt::format("{} at the end not read", number_of(met.empty_lines, "empty line")));
  return notices;
}

std::string notice_of_zeros(std::uint64_t sims) {
  return fmt::format(
      "{} with zeros alone after the 15th character: a spreadsheet rounds to that; compare with the source",
      number_of(sims, "ICCID"));
}

}  // namespace lightseed
