// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

namespace lightseed::cli {

/// What a plot is called, what it shows to those who hear it, and its scales.
struct PlotFrame {
  std::string id;  ///< of the figure, unique in the page
  std::string title;
  std::string text;    ///< what is drawn, and how to read it
  std::string across;  ///< label of the horizontal axis
  std::string up;      ///< and of the vertical one
  double right = 1;    ///< the horizontal axis goes from `left` to here
  double top = 1;      ///< the vertical axis goes from `bottom` to here
  double left = 0;
  double bottom = 0;
};

/// A static SVG plot: no script, colours from the page's style sheet, title and description for screen readers. What
/// lies outside the scales is drawn on their edge.
class Plot {
 public:
  explicit Plot(PlotFrame frame);
  void band(double from, double to, double low, double high);
  /// A band about `middle`, half as wide as `spread[k]` says for the stretch `half` about x[k].
  void bands(std::span<const double> x, double half, double middle, std::span<const double> spread);
  void level(double height);  ///< a dashed line from side to side
  void line(double x0, double y0, double x1, double y1);
  void bar(double from, double to, double height);  ///< from the bottom
  void points(std::span<const double> x, std::span<const double> y);
  [[nodiscard]] std::string figure() const;

 private:
  PlotFrame frame_;
  std::string marks_{};

  [[nodiscard]] double across(double x) const;
  [[nodiscard]] double down(double y) const;
};

/// The end of a scale from 0 that holds `value` and has `steps` equal steps of 1, 2, 2.5 or 5 times a power of ten.
double end_of_scale(double value, int steps);

}  // namespace lightseed::cli
