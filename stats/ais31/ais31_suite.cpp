// SPDX-License-Identifier: Apache-2.0
#include "stats/ais31/ais31_suite.h"

#include <cmath>

#include "stats/ais31/black_box.h"
#include "stats/ais31/procedure_a.h"
#include "stats/ais31/procedure_b.h"
#include "stats/audit/block_suite.h"
#include "stats/sequence/sequence.h"

namespace lightseed::stats {
namespace {

void look_a(std::span<const std::byte> bytes, std::span<Tally> tallies) {
  const std::size_t different = ais31::different_words(bytes);
  tallies[0].count(different == ais31::t0_words);
  tallies[0].figures = {{"different", static_cast<double>(different)}};
  for (std::size_t block = 0; block < ais31::blocks; ++block) {
    const auto part = bytes.subspan(ais31::t0_bytes + block * fips_block_bytes, fips_block_bytes);
    const FipsFacts facts = fips_facts(part);
    tallies[1].count(ais31::monobit(facts));
    tallies[2].count(ais31::poker(facts));
    tallies[3].count(ais31::runs(facts));
    tallies[4].count(ais31::long_run(facts));
    tallies[5].count(ais31::autocorrelation(part).passes());
  }
}

template <typename Statistics>
void count_all(Tally& tally, const Statistics& statistics) {
  for (const double statistic : statistics) {
    tally.count(statistic <= ais31::most_homogeneity);
    tally.figures.emplace_back("chi-square-" + std::to_string(tally.figures.size() + 1), statistic);
  }
}

/// A test that the procedure did not come to, because the bits of one value ran out, has failed.
void look_b(std::span<const std::byte> bytes, std::span<Tally> tallies) {
  const ais31::ProcedureB b = ais31::procedure_b(packed_bits(bytes, ais31::procedure_b_bits));
  for (Tally& tally : tallies)
    tally.figures.clear();
  tallies[0].count(std::abs(b.ones - 0.5) < 0.025);
  tallies[0].figures = {{"ones", b.ones}};
  tallies[1].count(b.transition.value_or(1) < 0.02);
  if (b.transition) tallies[1].figures = {{"difference", *b.transition}};
  if (b.two_bits) {
    count_all(tallies[2], *b.two_bits);
  } else {
    tallies[2].count(false);
  }
  if (b.three_bits) {
    count_all(tallies[3], *b.three_bits);
  } else {
    tallies[3].count(false);
  }
  tallies[4].count(b.entropy.value_or(0) > ais31::least_entropy);
  if (b.entropy) tallies[4].figures = {{"entropy", *b.entropy}};
}

void put_prediction(Tally& tally, const sp800_90b::Prediction& prediction) {
  tally.count(prediction.min_entropy >= ais31::least_black_box_entropy);
  tally.figures = {{"correct", static_cast<double>(prediction.correct)},
                   {"run", static_cast<double>(prediction.run)},
                   {"min-entropy", prediction.min_entropy}};
}

void look_2024(std::span<const std::byte> bytes, std::span<Tally> tallies) {
  const ais31::BlackBox box = ais31::black_box(bytes);
  tallies[0].count(box.t1);
  tallies[0].figures = {{"ones", box.ones}};
  tallies[1].count(box.t2);
  tallies[1].figures = {{"chi-square", box.poker}};
  put_prediction(tallies[2], box.mmc);
  put_prediction(tallies[3], box.lz78y);
}

}  // namespace

std::unique_ptr<SuiteRun> begin_ais31_a(const SuiteOptions& /*options*/) {
  // T0: pairs of 2^16 words over 2^48. T1, T4, T5: computed exactly; T2 by chi-square; T3 counted on 20 million blocks.
  return run_of(BlockSuite{.id = "ais31-a",
                           .clause = "AIS 31 procedure A",
                           .block_bytes = ais31::procedure_a_bytes,
                           .rule = BlockRule::repeat_once,
                           .tests = {{"t0-disjointness", "T0", 7.629e-6},
                                     {"t1-monobit", "T1", 1.026e-6},
                                     {"t2-poker", "T2", 1.014e-6},
                                     {"t3-runs", "T3", 2.2e-6},
                                     {"t4-long-run", "T4", 1.162e-6},
                                     {"t5-autocorrelation", "T5", 9.144e-7}},
                           .look = look_a});
}

std::unique_ptr<SuiteRun> begin_ais31_b(const SuiteOptions& /*options*/) {
  // T6: normal tails at 15.8 and 8.9 deviations; T7: chi-square of one degree above 15.13; T8: 6.5 deviations below.
  return run_of(BlockSuite{.id = "ais31-b",
                           .clause = "AIS 31 procedure B",
                           .block_bytes = ais31::procedure_b_bits / 8,
                           .rule = BlockRule::repeat_once,
                           .tests = {{"t6a-uniformity", "T6", 3e-56},
                                     {"t6b-transition", "T6", 3.8e-19},
                                     {"t7a-homogeneity", "T7", 1.0036e-4},
                                     {"t7b-homogeneity", "T7", 1.0036e-4},
                                     {"t8-entropy", "T8", 3e-11}},
                           .look = look_b});
}

std::unique_ptr<SuiteRun> begin_ais31_2024(const SuiteOptions& /*options*/) {
  // T1 and T2 as in procedure A; of a million bits the predictors leave out the first ones.
  static const double mmc_rate = ais31::black_box_rate(ais31::black_box_predicted_bits - 2);
  static const double lz78y_rate = ais31::black_box_rate(ais31::black_box_predicted_bits - 17);
  return run_of(BlockSuite{.id = "ais31-2024",
                           .clause = "AIS 20/31 version 3.0, black-box suite (not compared with BSI's own text)",
                           .block_bytes = ais31::black_box_bytes,
                           .rule = BlockRule::again,
                           .most_blocks = 2,
                           .tests = {{"t1-monobit", "T1", 1.026e-6},
                                     {"t2-poker", "T2", 1.014e-6},
                                     {"t3-multi-mmc", "T3", mmc_rate},
                                     {"t4-lz78y", "T4", lz78y_rate}},
                           .look = look_2024});
}

}  // namespace lightseed::stats
