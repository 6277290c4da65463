// SPDX-License-Identifier: Apache-2.0
#include "stats/ais31/black_box.h"

#include <cmath>
#include <vector>

#include "stats/ais31/procedure_a.h"
#include "stats/fips140/fips140.h"
#include "stats/sp800_90b/non_iid/lz78y.h"
#include "stats/sp800_90b/non_iid/multi_mmc.h"

namespace lightseed::stats::ais31 {
namespace {

/// One bit a symbol.
std::vector<std::uint8_t> symbols_of(std::span<const std::byte> bytes) {
  std::vector<std::uint8_t> symbols;
  symbols.reserve(bytes.size() * 8);
  for (const std::byte byte : bytes) {
    for (unsigned k = 0; k < 8; ++k)
      symbols.push_back(static_cast<std::uint8_t>(std::to_integer<unsigned>(byte) >> (7 - k) & 1U));
  }
  return symbols;
}

}  // namespace

BlackBox black_box(std::span<const std::byte> block) {
  const FipsFacts first = fips_facts(block.first(fips_block_bytes));
  const FipsFacts second = fips_facts(block.subspan(fips_block_bytes, fips_block_bytes));
  constexpr std::size_t predicted_bytes = black_box_predicted_bits / 8;
  const auto third = block.subspan(2 * fips_block_bytes, predicted_bytes);
  const auto fourth = block.subspan(2 * fips_block_bytes + predicted_bytes, predicted_bytes);
  return {.ones = static_cast<std::uint32_t>(first.ones),
          .poker = second.poker(),
          .t1 = monobit(first),
          .t2 = poker(second),
          .mmc = sp800_90b::multi_mmc(symbols_of(third), 2),
          .lz78y = sp800_90b::lz78y(symbols_of(fourth), 2)};
}

double black_box_rate(std::uint64_t predictions) {
  std::uint64_t run = 1;
  while (sp800_90b::prediction(predictions / 2, run, predictions, 2).min_entropy >= least_black_box_entropy)
    ++run;
  // Runs of so many begin at a wrong prediction that as many right ones follow.
  const double places = static_cast<double>(predictions - run);
  return -std::expm1(-places * std::exp2(-static_cast<double>(run) - 1));
}

}  // namespace lightseed::stats::ais31
