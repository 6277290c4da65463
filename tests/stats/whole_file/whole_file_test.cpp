// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "stats/sequence/sequence.h"
#include "stats/whole_file/byte_summary.h"
#include "stats/whole_file/lags.h"
#include "stats/whole_file/whole_file_suites.h"
#include "tests/stats/random_bytes.h"

using namespace lightseed;
using namespace lightseed::stats;
using test::random_bytes;

TEST_CASE("bits are compared at every distance") {
  const auto bytes = random_bytes(403, 1);
  const BitString bits = packed_bits(bytes, bytes.size() * 8);
  LagCounts counts;
  count_lags(bits, counts);
  const std::size_t pairs = (bits.size() / 64 - 17) * 64;
  CHECK(counts.pairs == pairs);
  std::size_t wrong = 0;
  for (std::size_t d = 1; d <= lags; ++d) {
    std::uint64_t plain = 0;
    for (std::size_t i = 0; i < pairs; ++i)
      plain += bits[i] != bits[i + d] ? 1 : 0;
    wrong += counts.differing[d - 1] == plain ? 0 : 1;
  }
  CHECK(wrong == 0);
  LagCounts none;
  count_lags(bits.first(1000), none);
  CHECK(none.pairs == 0);
}

TEST_CASE("ent's figures by their definitions, whatever the pieces") {
  const auto bytes = random_bytes(10'003, 2);
  const ByteSummary whole = summary_of(bytes);
  double n = 0;
  double sum = 0;
  double squares = 0;
  double products = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto a = static_cast<double>(bytes[i]);
    n += 1;
    sum += a;
    squares += a * a;
    products += a * static_cast<double>(bytes[(i + 1) % bytes.size()]);
  }
  CHECK(whole.mean() == Approx(sum / n));
  CHECK(whole.serial_correlation() == Approx((n * products - sum * sum) / (n * squares - sum * sum)));
  CHECK(whole.points == 1667);
  CHECK(whole.pi() == Approx(3.14).margin(0.15));
  ByteSummary parts;
  for (std::size_t at = 0; at < bytes.size(); at += 600)
    append(parts, summary_of(std::span(bytes).subspan(at, std::min<std::size_t>(600, bytes.size() - at))));
  CHECK(parts.entropy() == whole.entropy());
  CHECK(parts.serial_correlation() == whole.serial_correlation());
  CHECK(parts.inside == whole.inside);

  std::vector<std::byte> all(256);
  for (std::size_t k = 0; k < 256; ++k)
    all[k] = static_cast<std::byte>(k);
  CHECK(summary_of(all).entropy() == Approx(8));
  CHECK(summary_of(all).chi_square() == 0);
  CHECK(summary_of(std::vector<std::byte>(60)).serial_correlation() == 1);
  CHECK(summary_of(std::vector<std::byte>(60)).pi() == 4);
}

TEST_CASE("a bias too small for any sequence shows in the whole") {
  const auto judged = [](std::size_t step) {
    const auto suite = begin_pooled({});
    std::vector<std::byte> piece;
    for (unsigned k = 0; k < 12; ++k) {
      piece = random_bytes(suite->chunk_bytes(), 10 + k);
      for (std::size_t i = 0; step > 0 && i < piece.size(); i += step)
        piece[i] |= std::byte{1};
      suite->look(piece)();
    }
    return suite->finish(random_bytes(1000, 99));
  };
  const AuditSuite good = judged(0);
  CHECK(good.sequence_bits == 8 * (12 * 120'000 + 1000));
  for (const AuditTest& test : good.tests) {
    for (const AuditItem& item : test.items)
      CHECK(item.joint * static_cast<double>(test.items.size()) > 1e-3);
  }
  // Every 60th byte's last bit is one: of a million bits 1042 too many, which is two deviations.
  CHECK(judged(60).tests.at(0).items.at(0).joint < 1e-3);
  const auto few = begin_pooled({})->finish(random_bytes(5, 1));
  CHECK(few.tests.at(0).needed_bits == 100);
  CHECK(begin_ent({})->finish({}).as_written == AuditOutcome::not_run);
}

TEST_CASE("the whole stream's figures are those its p-values were computed from") {
  const auto bytes = random_bytes(120'000, 5);
  const AuditSuite suite = begin_pooled({})->finish(bytes);
  const AuditTest& values = suite.tests.at(1);
  REQUIRE(values.figures.size() == 256);
  for (std::size_t k = 0; k < 256; ++k)
    CHECK(values.figures[k].second ==
          static_cast<double>(std::count(bytes.begin(), bytes.end(), static_cast<std::byte>(k))));
  CHECK(values.figures[0xA0].first == "count-a0");
  const AuditTest& distances = suite.tests.at(2);
  REQUIRE(distances.figures.size() == 1 + lags);
  const double pairs = distances.figures[0].second;
  CHECK(distances.figures[lags].first == "correlation-1024");
  for (std::size_t k = 0; k < lags; ++k) {
    const double deviations = std::sqrt(pairs) * distances.figures[k + 1].second;
    CHECK(std::erfc(std::abs(deviations) / std::sqrt(2.0)) == Approx(*distances.p[k]).epsilon(1e-9));
  }
  CHECK(begin_pooled({})->finish(random_bytes(5, 1)).tests.at(1).figures.empty());
}
