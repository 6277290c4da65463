// SPDX-License-Identifier: Apache-2.0
#include "entropy/extract/shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr std::size_t shape_step = 512;      // half of a tile, which now and then is worth it
constexpr std::size_t least_tiled = 4096;    // below, whole tiles cost too much
constexpr std::size_t most_tiled = 1 << 16;  // above, a transform takes over, which any length suits

constexpr Preference preferences[] = {Preference::yield, Preference::balanced, Preference::rate};

constexpr double least_yield(Preference preference) noexcept {
  return preference == Preference::rate ? 0.85 : 0.98;
}

/// What a shape gives: output bits a raw bit, and output bits a unit of work.
struct Merit {
  double yield = 0, rate = 0;
};

Merit merit_of(const ExtractorKind& kind, const ExtractorShape& shape) {
  const auto m = static_cast<double>(shape.output_bits);
  return {.yield = m / static_cast<double>(shape.input_bits), .rate = m / kind.work(shape)};
}

/// The best block length and m. `plan(n, m)` plans the whole run, m being the most when it is left out; it gives
/// nothing where that is refused.
template <typename Plan>
std::optional<ExtractorShape> best_shape(const ExtractorKind& kind, std::size_t block_bits, Preference preference,
                                         const ExtractorShape& asked, const Plan& plan) {
  const Merit base = merit_of(kind, asked);
  std::optional<ExtractorShape> best;
  double best_rate = base.rate;
  const std::size_t first = std::max(least_tiled, block_bits / 4 / shape_step * shape_step);
  const std::size_t last = block_bits + block_bits / 2;
  // Long blocks lose less by tiles, and forty lengths are enough to choose from.
  const std::size_t step = std::max(shape_step, (last - first) / 40 / shape_step * shape_step);
  for (std::size_t n = first; n <= last; n += step) {
    const std::optional<ExtractorShape> most = plan(n, std::nullopt);
    if (!most) continue;
    for (std::size_t m = most->output_bits / shape_step * shape_step; m > 0; m -= shape_step) {
      const Merit merit = merit_of(kind, {n, m, 0});
      if (merit.yield < base.yield * least_yield(preference)) break;
      if (merit.rate <= best_rate) continue;
      // Shorter outputs mean more blocks, each with a smaller epsilon, which may not leave this m.
      if (const auto shape = plan(n, m)) {
        best = shape;
        best_rate = merit.rate;
      }
    }
  }
  return best;
}

/// The request with the best sizes. `shape_of` plans a request, and throws Error(refused) where nothing comes out.
template <typename Request, typename ShapeOf>
Request with_best_shape(const ExtractorKind& kind, const Request& request, Preference preference,
                        const ShapeOf& shape_of) {
  const bool tiled = kind.work != nullptr && request.block_bits >= least_tiled && request.block_bits <= most_tiled;
  if (preference == Preference::yield || !tiled || request.output_bits) return request;
  Request chosen = request;
  const auto plan = [&](std::size_t n, std::optional<std::size_t> m) -> std::optional<ExtractorShape> {
    chosen.block_bits = n;
    chosen.output_bits = m;
    try {
      return shape_of(chosen);
    } catch (const Error& e) {
      if (e.category() != Category::refused) throw;
      return std::nullopt;
    }
  };
  const auto best = best_shape(kind, request.block_bits, preference, shape_of(request), plan);
  if (!best) return request;
  chosen.block_bits = best->input_bits;
  chosen.output_bits = best->output_bits;
  return chosen;
}

}  // namespace

std::string_view name_of(Preference preference) noexcept {
  switch (preference) {
    case Preference::yield: return "yield";
    case Preference::balanced: return "balanced";
    case Preference::rate: break;
  }
  return "rate";
}

Preference preference_from(std::string_view name) {
  for (const Preference preference : preferences)
    if (name == name_of(preference)) return preference;
  throw Error(Category::usage, fmt::format("unknown preference {}; it is yield, balanced or rate", name));
}

RunRequest choose_shape(const ExtractorKind& kind, const RunRequest& request, Preference preference) {
  return with_best_shape(kind, request, preference,
                         [&](const RunRequest& tried) { return plan_run(kind, tried).block.shape; });
}

ExtractionRequest choose_shape(const ExtractorKind& kind, const ExtractionRequest& request, std::uint64_t raw_bits,
                               Preference preference) {
  return with_best_shape(kind, request, preference, [&](const ExtractionRequest& tried) {
    return plan_string(kind, tried, raw_bits).block.shape;
  });
}

}  // namespace lightseed
