// SPDX-License-Identifier: Apache-2.0
#include "stats/whole_file/whole_file_suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/byte_views.h"
#include "stats/input/histogram.h"
#include "stats/sequence/classes.h"
#include "stats/sequence/sequence.h"
#include "stats/special/gamma.h"
#include "stats/verdict/second_level.h"
#include "stats/whole_file/byte_summary.h"
#include "stats/whole_file/lags.h"

namespace lightseed::stats {
namespace {

constexpr std::size_t piece_bytes = 120'000;  ///< a multiple of a word's eight bytes and of the six of a point of ent
constexpr std::uint64_t least_bits_frequency = 100;
constexpr std::uint64_t least_bits_bytes = 8 * 5 * 256;  ///< five expected of each value
constexpr std::uint64_t least_bits_lags = 8'192;

/// p of `count` among `trials` where each comes half of the time.
double half_p(std::uint64_t count, std::uint64_t trials) {
  const auto n = static_cast<double>(trials);
  return two_sided_normal((2 * static_cast<double>(count) - n) / std::sqrt(n));
}

/// p of byte values that all should come alike.
double even_p(const Histogram& counts) {
  std::array<double, 256> even{};
  even.fill(1.0 / 256);
  return classes_p(counts, even);
}

AuditTest test_of(std::string id, std::uint64_t bits, std::uint64_t least_bits) {
  AuditTest test{.id = std::move(id), .clause = ""};
  if (bits < least_bits) {
    test.outcome = AuditOutcome::not_run;
    test.needed_bits = least_bits;
  }
  return test;
}

void put(AuditTest& test, double p, const Calibration& calibration) {
  AuditItem item;
  add(item, p, p);
  item.joint = joint_probability(item, calibration);
  test.items.push_back(item);
  test.p.emplace_back(p);
}

/// How many pairs were compared at each distance, and the correlation there: 1 when all bits agree, -1 when none does.
void note_correlations(AuditTest& test, const LagCounts& counts) {
  const auto pairs = static_cast<double>(counts.pairs);
  test.figures.emplace_back("pairs", pairs);
  for (std::size_t k = 0; k < lags; ++k) {
    test.figures.emplace_back(fmt::format("correlation-{:04}", k + 1),
                              1 - 2 * static_cast<double>(counts.differing[k]) / pairs);
  }
}

template <std::size_t size>
void copy_counts(const AuditCounts& counts, const char* name, std::array<std::uint64_t, size>& to) {
  const auto& from = counts_of(counts, name, size);
  std::copy(from.begin(), from.end(), to.begin());
}

class PooledRun : public SuiteRun {
 public:
  [[nodiscard]] std::size_t chunk_bytes() const override { return piece_bytes; }

  [[nodiscard]] std::function<void()> look(std::span<const std::byte> chunks) override {
    return [this, seen = seen_in(chunks)] { note(seen); };
  }

  void begin_at(std::uint64_t /*chunk*/) override {}

  void close(std::span<const std::byte> rest) override { note(seen_in(rest)); }

  [[nodiscard]] AuditPartSuite part() const override {
    const auto& differing = seen_.lags.differing;
    return {.id = "pooled",
            .counts = {{"bytes", {seen_.bytes}},
                       {"ones", {seen_.ones}},
                       {"values", {seen_.counts.begin(), seen_.counts.end()}},
                       {"pairs", {seen_.lags.pairs}},
                       {"differing", {differing.begin(), differing.end()}}}};
  }

  void append(const AuditPartSuite& part) override {
    require_part_of("pooled", {}, part);
    Seen seen{.bytes = counts_of(part.counts, "bytes", 1)[0], .ones = counts_of(part.counts, "ones", 1)[0]};
    copy_counts(part.counts, "values", seen.counts);
    seen.lags.pairs = counts_of(part.counts, "pairs", 1)[0];
    copy_counts(part.counts, "differing", seen.lags.differing);
    note(seen);
  }

  [[nodiscard]] AuditSuite conclude() override {
    const std::uint64_t all = seen_.bytes * 8;
    AuditSuite record{.id = "pooled", .sequences = all > 0 ? 1U : 0U, .sequence_bits = all};
    record.listed = record.sequences;
    AuditTest frequency = test_of("frequency", all, least_bits_frequency);
    if (!frequency.needed_bits) put(frequency, half_p(seen_.ones, all), {});
    AuditTest bytes = test_of("byte-histogram", all, least_bits_bytes);
    if (!bytes.needed_bits) put(bytes, even_p(seen_.counts), {.fine = true});
    for (std::size_t value = 0; !bytes.needed_bits && value < seen_.counts.size(); ++value)
      bytes.figures.emplace_back(fmt::format("count-{:02x}", value), static_cast<double>(seen_.counts[value]));
    AuditTest distances = test_of("autocorrelation", seen_.lags.pairs, least_bits_lags);
    if (distances.needed_bits) {
      *distances.needed_bits += lags + 64;
    } else {
      for (const std::uint64_t count : seen_.lags.differing)
        put(distances, half_p(count, seen_.lags.pairs), {});
      note_correlations(distances, seen_.lags);
    }
    record.tests = {std::move(frequency), std::move(bytes), std::move(distances)};
    if (record.tests[0].needed_bits) record.as_written = AuditOutcome::not_run;
    return record;
  }

 private:
  struct Seen {
    std::uint64_t bytes = 0;
    std::uint64_t ones = 0;
    Histogram counts{};
    LagCounts lags{};
  };
  Seen seen_;

  static Seen seen_in(std::span<const std::byte> bytes) {
    const BitString bits = packed_bits(bytes, bytes.size() * 8);
    Seen seen{.bytes = bytes.size(),
              .ones = ones_in(bits, 0, bits.size()),
              .counts = histogram({octets(bytes.data()), bytes.size()})};
    count_lags(bits, seen.lags);
    return seen;
  }

  void note(const Seen& seen) {
    seen_.bytes += seen.bytes;
    seen_.ones += seen.ones;
    for (std::size_t value = 0; value < seen.counts.size(); ++value)
      seen_.counts[value] += seen.counts[value];
    seen_.lags.pairs += seen.lags.pairs;
    for (std::size_t k = 0; k < lags; ++k)
      seen_.lags.differing[k] += seen.lags.differing[k];
  }
};

class EntRun : public SuiteRun {
 public:
  [[nodiscard]] std::size_t chunk_bytes() const override { return piece_bytes; }

  [[nodiscard]] std::function<void()> look(std::span<const std::byte> chunks) override {
    return [this, seen = summary_of(chunks)] { lightseed::stats::append(summary_, seen); };
  }

  void begin_at(std::uint64_t /*chunk*/) override {}

  void close(std::span<const std::byte> rest) override { lightseed::stats::append(summary_, summary_of(rest)); }

  [[nodiscard]] AuditPartSuite part() const override {
    return {.id = "ent",
            .counts = {{"bytes", {summary_.bytes}},
                       {"products", {summary_.products}},
                       {"points", {summary_.points, summary_.inside}},
                       {"ends", {summary_.first, summary_.last}},
                       {"values", {summary_.counts.begin(), summary_.counts.end()}}}};
  }

  void append(const AuditPartSuite& part) override {
    require_part_of("ent", {}, part);
    const auto& points = counts_of(part.counts, "points", 2);
    const auto& ends = counts_of(part.counts, "ends", 2);
    ByteSummary summary{.bytes = counts_of(part.counts, "bytes", 1)[0],
                        .products = counts_of(part.counts, "products", 1)[0],
                        .points = points[0],
                        .inside = points[1],
                        .first = static_cast<unsigned>(ends[0] & 0xffU),
                        .last = static_cast<unsigned>(ends[1] & 0xffU)};
    copy_counts(part.counts, "values", summary.counts);
    lightseed::stats::append(summary_, summary);
  }

  [[nodiscard]] AuditSuite conclude() override {
    AuditSuite record{.id = "ent", .sequences = summary_.bytes > 0 ? 1U : 0U, .sequence_bits = summary_.bytes * 8};
    const auto figure = [&](const char* id, const char* name, double value) {
      AuditTest test{.id = id, .clause = ""};
      test.figures = {{name, value}};
      record.tests.push_back(std::move(test));
    };
    if (summary_.bytes == 0) {
      record.as_written = AuditOutcome::not_run;
      return record;
    }
    figure("entropy", "bits-per-byte", summary_.entropy());
    figure("chi-square", "statistic", summary_.chi_square());
    record.tests.back().figures.emplace_back("p", chi_square_tail(summary_.chi_square(), 255));
    figure("mean", "value", summary_.mean());
    figure("monte-carlo-pi", "value", summary_.pi());
    figure("serial-correlation", "value", summary_.serial_correlation());
    return record;
  }

 private:
  ByteSummary summary_;
};

}  // namespace

std::unique_ptr<SuiteRun> begin_pooled(const SuiteOptions& /*options*/) {
  return std::make_unique<PooledRun>();
}

std::unique_ptr<SuiteRun> begin_ent(const SuiteOptions& /*options*/) {
  return std::make_unique<EntRun>();
}

}  // namespace lightseed::stats
