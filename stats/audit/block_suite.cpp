// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/block_suite.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <utility>

#include "stats/special/binomial.h"

namespace lightseed::stats {
namespace {

class BlockRun : public SuiteRun {
 public:
  explicit BlockRun(BlockSuite suite) : suite_(std::move(suite)), failed_(suite_.tests.size()) {}

  [[nodiscard]] std::size_t chunk_bytes() const override { return suite_.block_bytes; }

  [[nodiscard]] std::function<void()> look(std::span<const std::byte> chunks) override {
    std::vector<std::uint64_t> failed(suite_.tests.size());
    std::uint64_t blocks = 0;
    std::uint64_t any = 0;
    for (std::size_t at = 0; at + suite_.block_bytes <= chunks.size(); at += suite_.block_bytes, ++blocks) {
      const unsigned mask = suite_.failures(chunks.subspan(at, suite_.block_bytes));
      any += mask != 0 ? 1 : 0;
      for (std::size_t t = 0; t < failed.size(); ++t)
        failed[t] += mask >> t & 1;
    }
    return [this, failed = std::move(failed), blocks, any] {
      for (std::size_t t = 0; t < failed.size(); ++t)
        failed_[t] += failed[t];
      blocks_ += blocks;
      any_ += any;
    };
  }

  [[nodiscard]] AuditSuite finish(std::span<const std::byte> rest) override {
    AuditSuite record{.id = suite_.id,
                      .sequences = blocks_,
                      .sequence_bits = suite_.block_bytes * 8,
                      .trailing_bits = rest.size() * 8};
    for (std::size_t t = 0; t < failed_.size(); ++t) {
      const BlockTest& of = suite_.tests[t];
      AuditTest test{.id = std::string(of.id), .clause = std::string(of.clause)};
      if (blocks_ == 0) {
        test.outcome = AuditOutcome::not_run;
        test.needed_bits = suite_.block_bytes * 8;
      } else {
        test.blocks = {.blocks = blocks_,
                       .failed = failed_[t],
                       .rate = of.rate,
                       .joint = binomial_two_sided(failed_[t], blocks_, of.rate)};
      }
      record.tests.push_back(std::move(test));
    }
    record.as_written = blocks_ == 0 ? AuditOutcome::not_run : any_ == 0 ? AuditOutcome::pass : AuditOutcome::fail;
    record.rule = blocks_ == 0 ? "there was no whole block"
                               : fmt::format(
                                     "{}: {} of {} blocks pass every test; of perfect sources {:.2g} % would "
                                     "have a block that does not",
                                     suite_.clause, blocks_ - any_, blocks_,
                                     100 * -std::expm1(static_cast<double>(blocks_) * std::log1p(-suite_.rate)));
    return record;
  }

 private:
  BlockSuite suite_;
  std::vector<std::uint64_t> failed_;
  std::uint64_t blocks_ = 0;
  std::uint64_t any_ = 0;
};

}  // namespace

std::unique_ptr<SuiteRun> run_of(BlockSuite suite) {
  return std::make_unique<BlockRun>(std::move(suite));
}

}  // namespace lightseed::stats
