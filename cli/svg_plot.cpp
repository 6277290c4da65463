// SPDX-License-Identifier: Apache-2.0
#include "cli/svg_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "cli/html.h"

namespace lightseed::cli {
namespace {

// Of the drawing, in its own units.
constexpr double drawing_width = 640;
constexpr double drawing_height = 240;
constexpr double left_margin = 64;
constexpr double right_margin = 16;
constexpr double top_margin = 10;
constexpr double bottom_margin = 44;
constexpr int tick_steps = 4;

}  // namespace

Plot::Plot(PlotFrame frame) : frame_(std::move(frame)) {}

double Plot::across(double x) const {
  const double share = std::clamp((x - frame_.left) / (frame_.right - frame_.left), 0.0, 1.0);
  return left_margin + share * (drawing_width - left_margin - right_margin);
}

double Plot::down(double y) const {
  const double share = std::clamp((y - frame_.bottom) / (frame_.top - frame_.bottom), 0.0, 1.0);
  return drawing_height - bottom_margin - share * (drawing_height - top_margin - bottom_margin);
}

void Plot::band(double from, double to, double low, double high) {
  fmt::format_to(std::back_inserter(marks_),
                 "<rect class=\"band\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", across(from),
                 down(high), across(to) - across(from), std::max(0.0, down(low) - down(high)));
}

/// Neighbours that look alike are one piece: seldom more than a few are drawn.
void Plot::bands(std::span<const double> x, double half, double middle, std::span<const double> spread) {
  constexpr double visible = 0.1;
  const auto alike = [&](double a, double b) {
    return std::abs(down(middle + a) - down(middle + b)) < visible &&
           std::abs(down(middle - a) - down(middle - b)) < visible;
  };
  for (std::size_t k = 0; k < x.size();) {
    std::size_t end = k + 1;
    while (end < x.size() && alike(spread[k], spread[end]))
      ++end;
    band(x[k] - half, x[end - 1] + half, middle - spread[k], middle + spread[k]);
    k = end;
  }
}

void Plot::line(double x0, double y0, double x1, double y1) {
  fmt::format_to(std::back_inserter(marks_),
                 "<line class=\"level\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", across(x0),
                 down(y0), across(x1), down(y1));
}

void Plot::level(double y) {
  line(frame_.left, y, frame_.right, y);
}

void Plot::bar(double from, double to, double y) {
  fmt::format_to(std::back_inserter(marks_),
                 "<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", across(from),
                 down(y), 0.9 * (across(to) - across(from)), down(frame_.bottom) - down(y));
}

/// One path of strokes without length, round by the style sheet: a tenth of the size of as many circles.
void Plot::points(std::span<const double> x, std::span<const double> y) {
  const auto out = std::back_inserter(marks_);
  fmt::format_to(out, "<path class=\"points\" d=\"");
  for (std::size_t k = 0; k < x.size() && k < y.size(); ++k)
    fmt::format_to(out, "M{:.1f} {:.1f}h0", across(x[k]), down(y[k]));
  fmt::format_to(out, "\"/>\n");
}

std::string Plot::figure() const {
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out,
                 "<figure id=\"{0}\"><figcaption>{1}</figcaption>\n<svg viewBox=\"0 0 {3} {4}\" role=\"img\" "
                 "aria-labelledby=\"{0}-title {0}-text\"><title id=\"{0}-title\">{1}</title>"
                 "<desc id=\"{0}-text\">{2}</desc>\n",
                 html_text(frame_.id), html_text(frame_.title), html_text(frame_.text), drawing_width, drawing_height);
  text += marks_;
  for (int k = 0; k <= tick_steps; ++k) {
    const double share = static_cast<double>(k) / tick_steps;
    const double x = frame_.left + share * (frame_.right - frame_.left);
    const double y = frame_.bottom + share * (frame_.top - frame_.bottom);
    fmt::format_to(out, "<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:.4g}</text>\n", across(x),
                   drawing_height - bottom_margin + 16, x);
    fmt::format_to(out, "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.4g}</text>\n", left_margin - 6, down(y) + 4,
                   y);
  }
  fmt::format_to(out, "<path class=\"axis\" d=\"M{0} {1}V{2}H{3}\"/>\n", left_margin, top_margin,
                 drawing_height - bottom_margin, drawing_width - right_margin);
  fmt::format_to(out, "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                 (left_margin + drawing_width - right_margin) / 2, drawing_height - 8, html_text(frame_.across));
  fmt::format_to(out, "<text transform=\"translate(13 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                 (top_margin + drawing_height - bottom_margin) / 2, html_text(frame_.up));
  fmt::format_to(out, "</svg>\n<p class=\"how\" aria-hidden=\"true\">{}</p></figure>\n", html_text(frame_.text));
  return text;
}

double end_of_scale(double value, int steps) {
  if (!(value > 0)) return 1;
  const double step = value / steps;
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power * steps >= value) return factor * power * steps;
  }
  return 10 * power * steps;
}

}  // namespace lightseed::cli
