// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/json.h"

namespace lightseed::cli {

/// A plot: what it is called, what it shows to those who hear it, and its numbers. The page's script draws it
/// (cli/report/), from Vega-Lite specifications; the kinds there are and the members each takes:
///
///   bars     from, step, heights[]; expected[] (of a model), bands[], level
///   points   from, step, points[]; bands[], level, line [x, y, x2, y2]
///   named    bars[] of [name, length, group, whether it binds]; level
///   squares  hex, right (squares a row), rows; shades of bytes, or bits without it
///   history  tests[], readings[] of [test, x, place within its limits, value], alarms[] of [test, x, words], rows
///
/// and all of them across and up (titles of the axes), left and right (ends of the horizontal scale), height in pixels,
/// and said[], what stands before a value under the pointer.
struct Figure {
  std::string id;  ///< unique in the page
  std::string title;
  std::string text;  ///< what is drawn, and how to read it
  std::string kind;
  Json data;
};

/// The figure with the tables of its numbers; these alone where the page has no script to draw it.
std::string figure_html(const Figure& figure, const std::string& tables, bool drawn);

/// Figures side by side, where the page is wide enough; nothing for none.
std::string plots_html(const std::string& figures);

/// A number in the six digits that the tables show.
Json plot_number(double value);
Json plot_numbers(std::span<const double> values);

/// Data as they may stand in a script element: no text of theirs ends it or opens another.
std::string json_for_page(const Json& data);

/// Rectangles about `middle`, half as tall as `spread[k]` says for the stretch `half` about x[k]. Neighbours that look
/// alike are one: seldom more than a few are left.
Json bands_about(std::span<const double> x, double half, double middle, std::span<const double> spread);

}  // namespace lightseed::cli
