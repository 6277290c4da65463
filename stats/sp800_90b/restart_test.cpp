// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/restart_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.h"

namespace lightseed::sp800_90b {
namespace {

using Polynomial = std::vector<double>;  ///< coefficient of z^i at i

/// The product, without the powers above the size.
Polynomial product(const Polynomial& a, const Polynomial& b) {
  Polynomial result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == 0) continue;
    for (std::size_t j = 0; i + j < result.size(); ++j)
      result[i + j] += a[i] * b[j];
  }
  return result;
}

/// Poisson probabilities of mean `mean` up to `most`, zero above.
Polynomial poisson(double mean, std::size_t most, std::size_t size) {
  Polynomial result(size);
  if (mean == 0) {
    result[0] = 1;
    return result;
  }
  for (std::size_t i = 0; i < size && i <= most; ++i) {
    const auto count = static_cast<double>(i);
    result[i] = std::exp(count * std::log(mean) - mean - std::lgamma(count + 1));
  }
  return result;
}

/// P(no value comes more than `most` times in `samples`). Multinomial counts are Poisson counts on condition of
/// their sum, so it is a coefficient of a product of truncated Poisson series.
double all_within(std::size_t samples, double p, std::size_t most) {
  const auto n = static_cast<double>(samples);
  const double kinds = std::floor(1 / p);
  Polynomial power = poisson(n * p, most, samples + 1);
  Polynomial result = poisson(n * std::max(0.0, 1 - kinds * p), most, samples + 1);
  for (auto left = static_cast<std::uint64_t>(kinds); left > 0; left /= 2) {
    if (left % 2 == 1) result = product(result, power);
    if (left > 1) power = product(power, power);
  }
  return result[samples] / std::exp(n * std::log(n) - n - std::lgamma(n + 1));
}

std::uint64_t most_frequent(std::span<const std::uint8_t> samples, std::size_t length) {
  std::uint64_t most = 0;
  for (std::size_t first = 0; first < samples.size(); first += length) {
    std::array<std::uint32_t, 256> counts{};
    for (const std::uint8_t sample : samples.subspan(first, length))
      most = std::max<std::uint64_t>(most, ++counts[sample]);
  }
  return most;
}

void assess(RestartData& data, std::span<const std::uint8_t> samples, const RestartOptions& options) {
  if (options.iid) {
    data.iid = assess_iid(samples, {.width = options.non_iid.width, .permutation = *options.iid});
    data.min_entropy = data.iid->h_original;
    return;
  }
  AssessmentOptions literal = options.non_iid;
  literal.view = View::literal;
  data.non_iid = sp800_90b::assess(samples, literal);
  data.min_entropy = data.non_iid.min_entropy;
}

RestartDataRecord record_of(const RestartData& data) {
  return {.most_frequent = data.most_frequent,
          .min_entropy = data.min_entropy,
          .assessment = data.iid ? sp800_90b::record_of(*data.iid) : data.non_iid};
}

}  // namespace

bool RestartAssessment::sane() const noexcept {
  return std::max(rows.most_frequent, columns.most_frequent) <= cutoff;
}

bool RestartAssessment::keeps_up() const noexcept {
  return std::min(rows.min_entropy, columns.min_entropy) >= claim / 2;
}

bool RestartAssessment::passed() const noexcept {
  const auto iid_holds = [](const RestartData& data) { return !data.iid || data.iid->passed(); };
  return sane() && keeps_up() && iid_holds(rows) && iid_holds(columns);
}

std::uint64_t restart_cutoff(std::size_t samples, double claim, double alpha) {
  const double p = std::exp2(-claim);
  std::size_t low = 0;
  std::size_t high = samples;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (all_within(samples, p, middle) >= 1 - alpha) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

RestartAssessment assess_restarts(std::span<const std::uint8_t> raw, const RestartOptions& options) {
  const RestartMatrix& matrix = options.matrix;
  if (matrix.restarts < 2 || matrix.samples < 2 || raw.size() % matrix.samples != 0 ||
      raw.size() / matrix.samples != matrix.restarts) {
    throw Error(Category::usage,
                fmt::format("a restart matrix of {} rows of {} samples has {} samples; there are {}", matrix.restarts,
                            matrix.samples, matrix.restarts * matrix.samples, raw.size()));
  }
  if (!(options.claim > 0) || options.claim > options.non_iid.width) {
    throw Error(Category::usage, fmt::format("restart tests compare with a claim above 0 and up to {} bits, not {}",
                                             options.non_iid.width, options.claim));
  }
  RestartAssessment result{.matrix = matrix, .claim = options.claim};
  result.alpha = -std::expm1(std::log(0.99) / static_cast<double>(matrix.restarts + matrix.samples));
  // Rows and columns may differ in length; a matrix that is not square gets the cut-off of the longer ones.
  result.cutoff = restart_cutoff(std::max(matrix.restarts, matrix.samples), options.claim, result.alpha);

  std::vector<std::uint8_t> columns(raw.size());
  for (std::size_t row = 0; row < matrix.restarts; ++row) {
    for (std::size_t column = 0; column < matrix.samples; ++column)
      columns[column * matrix.restarts + row] = raw[row * matrix.samples + column];
  }
  result.rows.most_frequent = most_frequent(raw, matrix.samples);
  result.columns.most_frequent = most_frequent(columns, matrix.restarts);
  if (!result.sane()) return result;
  assess(result.rows, raw, options);
  assess(result.columns, columns, options);
  if (result.passed()) {
    result.min_entropy = std::min({result.rows.min_entropy, result.columns.min_entropy, result.claim});
  }
  return result;
}

bool RestartAssessment::complete() const noexcept {
  return !sane() || ((rows.iid || rows.non_iid.complete) && (columns.iid || columns.non_iid.complete));
}

RestartRecord record_of(const RestartAssessment& assessment) {
  return {.restarts = assessment.matrix.restarts,
          .samples_each = assessment.matrix.samples,
          .claim = assessment.claim,
          .alpha = assessment.alpha,
          .cutoff = assessment.cutoff,
          .sanity_check_passed = assessment.sane(),
          .complete = assessment.complete(),
          .rows = record_of(assessment.rows),
          .columns = record_of(assessment.columns),
          .passed = assessment.passed(),
          .min_entropy = assessment.min_entropy};
}

Json to_json(const RestartAssessment& assessment) {
  return lightseed::to_json(record_of(assessment));
}

}  // namespace lightseed::sp800_90b
