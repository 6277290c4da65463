#include "stats/sp800_90b/estimators.h"

#include <fmt/format.h>

#include "stats/sp800_90b/named_numbers.h"
#include "stats/sp800_90b/non_iid/collision.h"
#include "stats/sp800_90b/non_iid/compression.h"
#include "stats/sp800_90b/non_iid/lag.h"
#include "stats/sp800_90b/non_iid/lz78y.h"
#include "stats/sp800_90b/non_iid/markov.h"
#include "stats/sp800_90b/non_iid/most_common_value.h"
#include "stats/sp800_90b/non_iid/multi_mcw.h"
#include "stats/sp800_90b/non_iid/multi_mmc.h"
#include "stats/sp800_90b/non_iid/sorted_suffixes.h"
#include "stats/sp800_90b/non_iid/tuples.h"

namespace lightseed::sp800_90b {
namespace {

using Result = Estimator::Result;
using Symbols = std::span<const std::uint8_t>;

Estimate too_short(std::string id, std::size_t minimum) {
  return {.id = std::move(id), .not_run = fmt::format("it needs {} samples or more", minimum)};
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
