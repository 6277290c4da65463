// SPDX-License-Identifier: Apache-2.0
#include "cli/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cli/html.h"

namespace lightseed::cli {
namespace {

/// What stands in the place of a plot until it is drawn.
constexpr const char* undrawn =
    "This plot is drawn by the page's own script, which did not run here. Its numbers are in the "
    "tables.";

}  // namespace

std::string figure_html(const Figure& figure, const std::string& tables, bool drawn) {
  if (!drawn) return tables;
  Json data{{"kind", figure.kind}};
  data.update(figure.data);
  return fmt::format(
      "<figure id=\"{0}\" data-plot=\"{3}\"><figcaption id=\"{0}-title\">{1}</figcaption>\n<div class=\"plot {3}\" "
      "role=\"img\" aria-labelledby=\"{0}-title\" aria-describedby=\"{0}-text\">{4}</div>\n<p class=\"how\" "
      "id=\"{0}-text\" aria-hidden=\"true\">{2}</p>\n<script type=\"application/json\">{5}</script>\n{6}</figure>\n",
      html_text(figure.id), html_text(figure.title), html_text(figure.text), html_text(figure.kind), html_text(undrawn),
      json_for_page(data), tables);
}

std::string plots_html(const std::string& figures) {
  return figures.empty() ? "" : "<div class=\"plots\">\n" + figures + "</div>\n";
}

/// Whole numbers are written without a decimal point.
Json plot_number(double value) {
  constexpr double whole_below = 1e6;
  if (value == std::floor(value) && std::abs(value) < whole_below) return static_cast<std::int64_t>(value);
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

Json plot_numbers(std::span<const double> values) {
  Json numbers = Json::array();
  for (const double value : values)
    numbers.push_back(plot_number(value));
  return numbers;
}

std::string json_for_page(const Json& data) {
  std::string text;
  for (const char c : data.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    switch (c) {
      case '<': text += "\\u003c"; break;
      case '>': text += "\\u003e"; break;
      case '&': text += "\\u0026"; break;
      default: text += c;
    }
  }
  return text;
}

Json bands_about(std::span<const double> x, double half, double middle, std::span<const double> spread) {
  constexpr double visible = 0.005;
  Json bands = Json::array();
  if (x.empty()) return bands;
  const double widest = *std::max_element(spread.begin(), spread.end());
  for (std::size_t k = 0; k < x.size();) {
    std::size_t end = k + 1;
    while (end < x.size() && std::abs(spread[end] - spread[k]) < visible * widest)
      ++end;
    bands.push_back({plot_number(x[k] - half), plot_number(x[end - 1] + half), plot_number(middle - spread[k]),
                     plot_number(middle + spread[k])});
    k = end;
  }
  return bands;
}

}  // namespace lightseed::cli
