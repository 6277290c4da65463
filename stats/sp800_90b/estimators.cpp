#include "stats/sp800_90b/estimators.h"

#include <fmt/format.h>

#include "stats/sp800_90b/collision.h"
#include "stats/sp800_90b/compression.h"
#include "stats/sp800_90b/lag.h"
#include "stats/sp800_90b/lz78y.h"
#include "stats/sp800_90b/markov.h"
#include "stats/sp800_90b/most_common_value.h"
#include "stats/sp800_90b/multi_mcw.h"
#include "stats/sp800_90b/multi_mmc.h"
#include "stats/sp800_90b/sorted_suffixes.h"
#include "stats/sp800_90b/tuples.h"

namespace lightseed::sp800_90b {
namespace {

using Result = Estimator::Result;
using Symbols = std::span<const std::uint8_t>;

Estimate too_short(std::string id, std::size_t minimum) {
  return {.id = std::move(id), .not_run = fmt::format("it needs {} samples or more", minimum)};
}

Result report(const MostCommonValue& x) {
  return {{.id = "mcv",
           .min_entropy = x.min_entropy,
           .intermediates = {{"mode_count", x.mode_count}, {"p_hat", x.p_hat}, {"p_u", x.p_u}}}};
}

Result report(const Collision& x) {
  return {{.id = "collision",
           .min_entropy = x.min_entropy,
           .intermediates = {{"v", x.collisions},
                             {"sum_t", x.sum},
                             {"mean", x.mean},
                             {"sigma", x.sigma},
                             {"mean_bound", x.mean_bound},
                             {"p", x.p}}}};
}

Result report(const Markov& x) {
  return {{.id = "markov",
           .min_entropy = x.min_entropy,
           .intermediates = {{"p_0", x.p_0},
                             {"p_1", x.p_1},
                             {"p_00", x.p_00},
                             {"p_01", x.p_01},
                             {"p_10", x.p_10},
                             {"p_11", x.p_11},
                             {"p_max", x.p_max}}}};
}

Result report(const Compression& x) {
  return {{.id = "compression",
           .min_entropy = x.min_entropy,
           .intermediates = {{"mean", x.mean}, {"sigma", x.sigma}, {"mean_bound", x.mean_bound}, {"p", x.p}}}};
}

Result report(const RepeatCensus& census, std::size_t length) {
  Result result{{.id = "t-tuple", .not_run = "no symbol comes 35 times"},
                {.id = "lrs", .not_run = "no string repeats that comes fewer than 35 times"}};
  if (const auto x = t_tuple(census, length)) {
    result[0] = {.id = "t-tuple",
                 .min_entropy = x->min_entropy,
                 .intermediates = {{"t", std::uint64_t{x->t}}, {"p_max", x->p_max}, {"p_u", x->p_u}}};
  }
  if (const auto x = longest_repeat(census, length)) {
    result[1] = {.id = "lrs",
                 .min_entropy = x->min_entropy,
                 .intermediates = {
                     {"u", std::uint64_t{x->u}}, {"v", std::uint64_t{x->v}}, {"p_hat", x->p_hat}, {"p_u", x->p_u}}};
  }
  return result;
}

Result report(std::string id, const Prediction& x) {
  Estimate result{.id = std::move(id),
                  .min_entropy = x.min_entropy,
                  .intermediates = {{"correct", x.correct},
                                    {"run", x.run},
                                    {"predictions", x.predictions},
                                    {"p_global", x.p_global},
                                    {"p_global_bound", x.p_global_bound}}};
  if (x.p_local) result.intermediates.emplace_back("p_local", *x.p_local);
  return {result};
}

const std::vector<Estimator>& table() {
  static const std::vector<Estimator> all{
      {.ids = {"mcv"},
       .on_symbols = [](Symbols x, unsigned, bool) { return report(most_common_value(x)); },
       .on_bits =
           [](const BitString& x, bool) {
             return report(most_common_value(std::max<std::uint64_t>(x.ones(), x.size() - x.ones()), x.size()));
           }},
      {.ids = {"collision"},
       .bits_only = true,
       .on_bits = [](const BitString& x, bool) { return report(collision(x)); }},
      {.ids = {"markov"}, .bits_only = true, .on_bits = [](const BitString& x, bool) { return report(markov(x)); }},
      {.ids = {"compression"},
       .bits_only = true,
       .on_bits =
           [](const BitString& x, bool) {
             if (x.size() < compression_minimum) return Result{too_short("compression", compression_minimum)};
             return report(compression(x));
           }},
      {.ids = {"t-tuple", "lrs"},
       .on_symbols = [](Symbols x, unsigned alphabet,
                        bool) { return report(census_of_repeats(x, alphabet), x.size()); },
       .on_bits = [](const BitString& x, bool) { return report(census_of_repeats(x), x.size()); }},
      {.ids = {"multi-mcw"},
       .on_symbols =
           [](Symbols x, unsigned alphabet, bool) {
             if (x.size() < multi_mcw_minimum) return Result{too_short("multi-mcw", multi_mcw_minimum)};
             return report("multi-mcw", multi_mcw(x, alphabet));
           },
       .on_bits =
           [](const BitString& x, bool) {
             if (x.size() < multi_mcw_minimum) return Result{too_short("multi-mcw", multi_mcw_minimum)};
             return report("multi-mcw", multi_mcw(x));
           }},
      {.ids = {"lag"},
       .on_symbols = [](Symbols x, unsigned alphabet, bool) { return report("lag", lag(x, alphabet)); },
       .on_bits = [](const BitString& x, bool) { return report("lag", lag(x)); }},
      {.ids = {"multi-mmc"},
       .on_symbols = [](Symbols x, unsigned alphabet,
                        bool as_written) { return report("multi-mmc", multi_mmc(x, alphabet, as_written)); },
       .on_bits = [](const BitString& x, bool as_written) { return report("multi-mmc", multi_mmc(x, as_written)); }},
      {.ids = {"lz78y"},
       .on_symbols = [](Symbols x, unsigned alphabet, bool) { return report("lz78y", lz78y(x, alphabet)); },
       .on_bits = [](const BitString& x, bool) { return report("lz78y", lz78y(x)); }},
  };
  return all;
}

}  // namespace

std::span<const Estimator> estimators() {
  return table();
}

}  // namespace lightseed::sp800_90b
