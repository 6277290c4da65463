// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/error.h"
#include "entropy/extract/run_plan.h"

namespace lightseed {
namespace {

void compare_plans(const ExtractionRecord& record, const RunPlan& again, std::vector<std::string>& faults) {
  const auto equal = [&](std::string_view what, auto stated, auto follows) {
    if (stated == follows) return;
    faults.push_back(
        fmt::format("{} is stated as {}, but {} with {} bits a sample, blocks of {} bits, {} wanted bits "
                    "and 2^{} gives {}",
                    what, stated, record.extractor, record.bits_per_sample, record.block_bits, record.wanted_bits,
                    record.log2_epsilon_limit, follows));
  };
  equal("the limit of epsilon (log2)", record.log2_epsilon_limit, again.log2_epsilon_limit);
  equal("n, the raw bits of a block,", record.input_bits, std::uint64_t{again.block.shape.input_bits});
  equal("m, the output bits of a block,", record.output_bits, std::uint64_t{again.block.shape.output_bits});
  equal("the number of seed bits", record.seed.bits, std::uint64_t{again.block.shape.seed_bits});
  equal("the number of samples in a block", record.samples, std::uint64_t{again.samples});
  equal("the min-entropy of a block", record.min_entropy, again.block.min_entropy);
  equal("the number of blocks planned", record.blocks, again.blocks);
  equal("the epsilon of a block (log2)", record.log2_epsilon_block, again.block.log2_epsilon);
}

/// One charge for the blocks, with the plan's epsilon and no more of them than planned; one for the seed, if it needs
/// one.
void check_charges(const ExtractionRecord& record, std::vector<std::string>& faults) {
  using What = EpsilonRecord::Charge::What;
  const EpsilonAccount account = account_from(record.epsilon);
  if (account.limit_log2() != record.log2_epsilon_limit) {
    faults.push_back(fmt::format("the epsilon account has a limit of 2^{}, the plan one of 2^{}", account.limit_log2(),
                                 record.log2_epsilon_limit));
  }
  std::uint64_t seeds = 0;
  for (const EpsilonRecord::Charge& charge : account.charges()) {
    if (charge.what == What::seed) seeds += charge.count;
    const bool right = charge.what == What::blocks ? charge.log2_epsilon == record.log2_epsilon_block
                                                   : record.seed.log2_epsilon == charge.log2_epsilon;
    if (!right) {
      faults.push_back(fmt::format("2^{} was charged for {}, which is not what the plan says", charge.log2_epsilon,
                                   name_of(charge.what)));
    }
  }
  if (seeds != (record.seed.log2_epsilon ? 1U : 0U)) {
    faults.push_back(
        fmt::format("{} seeds were charged; a second source's is charged once, the operating system's "
                    "never",
                    seeds));
  }
  const std::uint64_t needed =
      record.wanted_bits / record.output_bits + (record.wanted_bits % record.output_bits != 0 ? 1 : 0);
  if (account.blocks() < needed || account.blocks() > record.blocks) {
    faults.push_back(fmt::format("{} blocks were charged; {} bits take {}, and {} were planned", account.blocks(),
                                 record.wanted_bits, needed, record.blocks));
  }
}

}  // namespace

std::vector<std::string> extraction_faults(const ExtractionRecord& record, const SampleFormat& format) try {
  std::vector<std::string> faults;
  const RunRequest request{.bits_per_sample = record.bits_per_sample,
                           .format = format,
                           .wanted_bits = record.wanted_bits,
                           .log2_epsilon = record.log2_epsilon_limit,
                           .block_bits = record.block_bits,
                           .output_bits = record.output_bits,
                           .log2_seed_epsilon = record.seed.log2_epsilon};
  compare_plans(record, plan_run(extractor_kind(record.extractor), request), faults);
  check_charges(record, faults);
  return faults;
} catch (const Error& e) {
  return {fmt::format("the extraction cannot be as recorded: {}", e.what())};
}

}  // namespace lightseed
