#include "stats/sp800_90b/named_numbers.h"

#include <utility>

#include "stats/sp800_90b/non_iid/tuples.h"

namespace lightseed::sp800_90b {

std::vector<Estimate> report(const MostCommonValue& x) {
  return {{.id = "mcv",
           .min_entropy = x.min_entropy,
           .intermediates = {{"mode_count", x.mode_count}, {"p_hat", x.p_hat}, {"p_u", x.p_u}}}};
}

std::vector<Estimate> report(const Collision& x) {
  return {{.id = "collision",
           .min_entropy = x.min_entropy,
           .intermediates = {{"v", x.collisions},
                             {"sum_t", x.sum},
                             {"mean", x.mean},
                             {"sigma", x.sigma},
                             {"mean_bound", x.mean_bound},
                             {"p", x.p}}}};
}

std::vector<Estimate> report(const Markov& x) {
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

std::vector<Estimate> report(const Compression& x) {
  return {{.id = "compression",
           .min_entropy = x.min_entropy,
           .intermediates = {{"mean", x.mean}, {"sigma", x.sigma}, {"mean_bound", x.mean_bound}, {"p", x.p}}}};
}

std::vector<Estimate> report(const RepeatCensus& census, std::size_t length) {
  std::vector<Estimate> result{{.id = "t-tuple", .not_run = "no symbol comes 35 times"},
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

std::vector<Estimate> report(std::string id, const Prediction& x) {
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

}  // namespace lightseed::sp800_90b
