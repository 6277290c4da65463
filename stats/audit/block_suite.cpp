// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/block_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "stats/audit/percent.h"
#include "stats/special/binomial.h"

namespace lightseed::stats {
namespace {

/// Tallies of some blocks together, and how many trials failed in each of them.
struct Outcome {
  std::vector<Tally> tallies;
  std::vector<std::uint64_t> failed;
};

class BlockRun : public SuiteRun {
 public:
  explicit BlockRun(BlockSuite suite) : suite_(std::move(suite)), tallies_(suite_.tests.size()) {}

  [[nodiscard]] std::size_t chunk_bytes() const override { return suite_.block_bytes; }

  [[nodiscard]] std::function<void()> look(std::span<const std::byte> chunks) override {
    Outcome outcome{.tallies = std::vector<Tally>(tallies_.size()), .failed = {}};
    std::uint64_t before = 0;
    for (std::size_t at = 0; at + suite_.block_bytes <= chunks.size(); at += suite_.block_bytes) {
      suite_.look(chunks.subspan(at, suite_.block_bytes), outcome.tallies);
      std::uint64_t failed = 0;
      for (const Tally& tally : outcome.tallies)
        failed += tally.failed;
      outcome.failed.push_back(failed - before);
      before = failed;
    }
    return [this, outcome = std::move(outcome)] { note(outcome); };
  }

  [[nodiscard]] std::uint64_t most_chunks() const override { return suite_.most_blocks; }

  void begin_at(std::uint64_t /*chunk*/) override {}

  void close(std::span<const std::byte> rest) override { trailing_bits_ = rest.size() * 8; }

  [[nodiscard]] AuditPartSuite part() const override {
    AuditPartSuite part{.id = suite_.id,
                        .sequences = blocks_,
                        .sequence_bits = suite_.block_bytes * 8,
                        .trailing_bits = trailing_bits_,
                        .counts = {{"bad", {bad_blocks_}}, {"failed-in-first", failed_in_first_}}};
    for (std::size_t t = 0; t < tallies_.size(); ++t) {
      part.tests.push_back({.id = std::string(suite_.tests[t].id),
                            .run = blocks_ > 0,
                            .figures = tallies_[t].figures,
                            .trials = tallies_[t].trials,
                            .failed = tallies_[t].failed});
    }
    return part;
  }

  void append(const AuditPartSuite& part) override {
    std::vector<AuditTest> tests;
    for (const BlockTest& test : suite_.tests)
      tests.push_back({.id = std::string(test.id), .clause = ""});
    require_part_of(suite_.id, tests, part);
    for (std::size_t t = 0; t < tallies_.size(); ++t) {
      tallies_[t].trials += part.tests[t].trials;
      tallies_[t].failed += part.tests[t].failed;
      if (blocks_ == 0) tallies_[t].figures = part.tests[t].figures;
    }
    bad_blocks_ += counts_of(part.counts, "bad", 1)[0];
    for (const std::uint64_t failed :
         counts_of(part.counts, "failed-in-first", std::min<std::uint64_t>(first_blocks, part.sequences))) {
      if (failed_in_first_.size() < first_blocks) failed_in_first_.push_back(failed);
    }
    blocks_ += part.sequences;
    trailing_bits_ += part.trailing_bits;
  }

  [[nodiscard]] AuditSuite conclude() override {
    AuditSuite record{.id = suite_.id,
                      .sequences = blocks_,
                      .sequence_bits = suite_.block_bytes * 8,
                      .trailing_bits = trailing_bits_};
    for (std::size_t t = 0; t < tallies_.size(); ++t)
      record.tests.push_back(concluded(suite_.tests[t], tallies_[t]));
    if (blocks_ == 0) {
      record.as_written = AuditOutcome::not_run;
      record.rule = fmt::format("{}: there was no whole block", suite_.clause);
    } else if (suite_.rule == BlockRule::every_block) {
      state_every_block(record);
    } else if (suite_.rule == BlockRule::again) {
      state_again(record);
    } else {
      state_repeat_once(record);
    }
    return record;
  }

 private:
  /// Of so many blocks a rule asks how many trials failed in each.
  static constexpr std::size_t first_blocks = 2;

  BlockSuite suite_;
  std::vector<Tally> tallies_;
  std::uint64_t blocks_ = 0;
  std::uint64_t bad_blocks_ = 0;
  std::uint64_t trailing_bits_ = 0;
  std::vector<std::uint64_t> failed_in_first_{};  ///< of the first blocks: trials that failed

  void note(const Outcome& outcome) {
    for (std::size_t t = 0; t < tallies_.size(); ++t) {
      tallies_[t].trials += outcome.tallies[t].trials;
      tallies_[t].failed += outcome.tallies[t].failed;
      // One block's figures say something, a mixture of many nothing.
      if (blocks_ == 0 && outcome.failed.size() == 1) tallies_[t].figures = outcome.tallies[t].figures;
    }
    for (const std::uint64_t failed : outcome.failed) {
      if (failed_in_first_.size() < first_blocks) failed_in_first_.push_back(failed);
      bad_blocks_ += failed > 0 ? 1 : 0;
      ++blocks_;
    }
  }

  [[nodiscard]] AuditTest concluded(const BlockTest& of, const Tally& tally) const {
    AuditTest test{.id = std::string(of.id), .clause = std::string(of.clause)};
    if (blocks_ == 0) {
      test.outcome = AuditOutcome::not_run;
      test.needed_bits = suite_.block_bytes * 8;
      return test;
    }
    test.blocks = {.blocks = tally.trials,
                   .failed = tally.failed,
                   .rate = of.rate,
                   .joint = binomial_two_sided(tally.failed, tally.trials, of.rate)};
    if (blocks_ == 1) test.figures = tally.figures;
    return test;
  }

  /// The share of perfect sources that would have a failing trial among as many.
  [[nodiscard]] double false_rejections() const {
    double log_all_pass = 0;
    for (std::size_t t = 0; t < tallies_.size(); ++t)
      log_all_pass += static_cast<double>(tallies_[t].trials) * std::log1p(-suite_.tests[t].rate);
    return -std::expm1(log_all_pass);
  }

  void state_every_block(AuditSuite& record) const {
    record.as_written = bad_blocks_ == 0 ? AuditOutcome::pass : AuditOutcome::fail;
    record.rule =
        fmt::format("{}: {} of {} blocks pass every test; of perfect sources {} would have a block that does not",
                    suite_.clause, blocks_ - bad_blocks_, blocks_, percent(false_rejections()));
  }

  void state_again(AuditSuite& record) const {
    const bool first = failed_in_first_.front() == 0;
    const bool second = blocks_ > 1 && failed_in_first_[1] == 0;
    const char* words = "the first trial passes";
    record.as_written = AuditOutcome::pass;
    if (!first && second) words = "the first trial fails, and its one repetition passes";
    if (!first && !second) {
      record.as_written = blocks_ > 1 ? AuditOutcome::fail : AuditOutcome::retest;
      words = blocks_ > 1 ? "the first trial fails, and so does its one repetition"
                          : "the first trial fails; one repetition, with fresh data, must pass";
    }
    record.rule = fmt::format("{}: {}", suite_.clause, words);
  }

  void state_repeat_once(AuditSuite& record) const {
    const auto say = [&](AuditOutcome outcome, std::string_view words) {
      record.as_written = outcome;
      record.rule = fmt::format("{}: {}", suite_.clause, words);
    };
    const std::uint64_t first = failed_in_first_.front();
    if (first == 0) return say(AuditOutcome::pass, "the first block passes every trial");
    if (first > 1) {
      return say(AuditOutcome::fail, fmt::format("the first block fails {} trials, more than one", first));
    }
    if (blocks_ == 1) {
      return say(AuditOutcome::retest, "the first block fails one trial; a second one must pass every trial");
    }
    return failed_in_first_[1] == 0
               ? say(AuditOutcome::pass, "the first block fails one trial, and the second one passes every trial")
               : say(AuditOutcome::fail, "the first block fails one trial, and so does the second one");
  }
};

}  // namespace

std::unique_ptr<SuiteRun> run_of(BlockSuite suite) {
  return std::make_unique<BlockRun>(std::move(suite));
}

}  // namespace lightseed::stats
