// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <deque>
#include <queue>

#include "driver/simulated/frame/cells.h"

// Why bounds and not values. The likeliest code's probability changes with E within every step of the converter, and
// where the quantum noise's density has a pole (the turning points of a fringe) it has cusps there: a value taken at
// the points of a grid misses their tips, and then more would be claimed than there is. So in every cell of E the
// adversary is given the most that any E of that cell can give: an end code's probability is monotone in E, and an
// inner code's window of one step, wherever in the cell E lies, is within a window that is one cell wider. Where the
// density is smooth, a closer bound is the largest probability of any window of one step.

namespace lightseed::simulated {
namespace {

/// For every cell, a bound on the likeliest inner code's probability. From one cell to the one `parts` further, the
/// inner codes' place on the grid moves by one code: a sliding maximum.
std::vector<double> likeliest_inner(const Cells& cells, std::uint32_t codes) {
  std::vector<double> best(static_cast<std::size_t>(2 * cells.most()), 0.0);
  if (codes <= 2) return best;
  const std::ptrdiff_t window = static_cast<std::ptrdiff_t>(codes) - 2;
  for (std::ptrdiff_t residue = 0; residue < cells.parts(); ++residue) {
    std::deque<std::pair<std::ptrdiff_t, double>> largest;  // decreasing; front is the maximum
    std::ptrdiff_t next = 0;                                // first code position not yet seen, from the first cell
    const std::ptrdiff_t highest = cells.most() - 1 - residue;
    std::ptrdiff_t moved = 0;
    for (std::ptrdiff_t cell = highest; cell >= -cells.most(); cell -= cells.parts(), ++moved) {
      for (; next < moved + window; ++next) {
        const std::ptrdiff_t k = (1 + next) * cells.parts() - highest;
        const double p = cells.at(k + cells.parts()) - cells.at(k - 1);
        while (!largest.empty() && largest.back().second <= p)
          largest.pop_back();
        largest.emplace_back(next, p);
      }
      while (largest.front().first < moved)
        largest.pop_front();
      best[static_cast<std::size_t>(cell + cells.most())] = largest.front().second;
    }
  }
  return best;
}

/// A bound on P(u <= Q < u + step) over all u, by branch and bound: windows that begin between a and b are within
/// [a, b + step). Within 1e-4 of the largest probability, unless 20,000 halvings do not get there.
double likeliest_window(const ConvertedSignal& signal) {
  if (signal.likeliest > 0) return signal.likeliest;
  struct Piece {
    double bound;
    double from;
    double to;
    bool operator<(const Piece& other) const noexcept { return bound < other.bound; }
  };
  const double step = signal.converter.step;
  std::priority_queue<Piece> pieces;
  const auto add = [&](double from, double to) { pieces.push({signal.cdf(to + step) - signal.cdf(from), from, to}); };
  add(-signal.reach - step, signal.reach);
  double found = 0;
  for (int halvings = 0; halvings < 20'000; ++halvings) {
    const Piece piece = pieces.top();
    const double middle = (piece.from + piece.to) / 2;
    found = std::max(found, signal.cdf(middle + step) - signal.cdf(middle));
    if (piece.bound <= found * (1 + 1e-4)) break;
    pieces.pop();
    add(piece.from, middle);
    add(middle, piece.to);
  }
  return pieces.top().bound;
}

}  // namespace

ConditionalMinEntropy conditional_min_entropy(const ConvertedSignal& signal, double bound) {
  if (signal.noise <= 0) {
    const double bits = min_entropy_of(marginal_law(signal));
    return {bits, bits};
  }
  const auto last = static_cast<std::ptrdiff_t>(signal.converter.codes()) - 1;
  const Cells cells(signal, std::max(4U, (1U << 18) / signal.converter.codes()));
  const std::vector<double> inner = likeliest_inner(cells, signal.converter.codes());
  const double any_window = likeliest_window(signal);
  double guess = 0;
  double covered = 0;
  double worst = 0;
  for (std::ptrdiff_t cell = -cells.most(); cell < cells.most(); ++cell) {
    const double here = std::min(any_window, inner[static_cast<std::size_t>(cell + cells.most())]);
    const double low = cells.below(1, cell);
    const double high = 1 - cells.below(last, cell + 1);
    const double mass = cells.mass(cell);
    guess += mass * std::max({low, high, here});
    covered += mass;
    const auto near = static_cast<double>(cell >= 0 ? cell : -1 - cell);
    if (near * cells.width() <= bound * signal.noise) worst = std::max(worst, here);
  }
  // The end codes are likeliest at the very ends of the bound.
  const double far = bound * signal.noise;
  worst = std::max({worst, signal.cdf(signal.converter.edge(1) - signal.offset + far),
                    1 - signal.cdf(signal.converter.edge(static_cast<double>(last)) - signal.offset - far)});
  return {bits_of(guess + std::max(0.0, 1 - covered)), bits_of(worst)};
}

}  // namespace lightseed::simulated
