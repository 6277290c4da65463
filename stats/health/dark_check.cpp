// SPDX-License-Identifier: Apache-2.0
#include "stats/health/dark_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

#include "core/error.h"
#include "evidence/faults.h"
#include "evidence/object_reader.h"
#include "stats/sequence/plain_fft.h"

namespace lightseed::health {
namespace {

constexpr double dark_alpha_log2 = -32;
constexpr double dark_deviations = 8;
/// Fourth moment over squared variance, at most: Gauss's is 3. Codes that come once in a hundred samples are many in a
/// look, and their number is Gaussian enough for eight deviations.
constexpr double most_kurtosis = 100;
constexpr std::size_t together = 256;  ///< samples that are added up before the transform
constexpr std::size_t points = dark_samples / together;
constexpr std::size_t dark_bins = points / 2;  ///< from 1 on
constexpr std::string_view ids[3] = {"dark-mean", "dark-variance", "dark-line"};

/// Nats at which one of the frequencies lies by chance in one look of 2^33.
double line_limit() {
  return 33 * std::numbers::ln2 + std::log(static_cast<double>(dark_bins - 1));
}

struct DarkLimits {
  double low, high;
};

DarkLimits around(double value, double variance_of_one, double measured_on) {
  const double error =
      dark_deviations * std::sqrt(variance_of_one * (1 / static_cast<double>(dark_samples) + 1 / measured_on));
  return {value - error, value + error};
}

DarkLimits limits_of_mean(const DarkLaw& law) {
  return around(law.mean, law.variance, law.samples);
}

DarkLimits limits_of_variance(const DarkLaw& law) {
  return around(law.variance, std::max(0.0, law.fourth - law.variance * law.variance), law.samples);
}

/// Powers at frequencies 1 to points / 2 - 1.
std::vector<double> powers_of(std::vector<std::complex<double>> x) {
  x = stats::plain_fft(std::move(x));
  std::vector<double> powers;
  for (std::size_t k = 1; k < x.size() / 2; ++k)
    powers.push_back(std::norm(x[k]));
  return powers;
}

/// What is measured of a look, in the order of `ids`; the line relative to the power of white noise of a variance of 1.
std::array<double, 3> measured(std::span<const std::uint16_t> samples, double centre) {
  std::vector<std::complex<double>> sums;
  sums.reserve(points);
  double all = 0, squares = 0;
  for (std::size_t at = 0; at < samples.size(); at += together) {
    double sum = 0;
    for (const std::uint16_t sample : samples.subspan(at, together)) {
      const double off = sample - centre;
      sum += off;
      squares += off * off;
    }
    all += sum;
    sums.emplace_back(sum);
  }
  const auto n = static_cast<double>(samples.size());
  const double mean = all / n;
  for (auto& sum : sums)
    sum -= mean * static_cast<double>(together);
  const std::vector<double> powers = powers_of(std::move(sums));
  return {centre + mean, squares / n - mean * mean, *std::max_element(powers.begin(), powers.end()) / n};
}

const HealthTestRecord* record_of(std::span<const HealthTestRecord> tests, std::string_view id) {
  const auto found = std::find_if(tests.begin(), tests.end(), [&](const auto& test) { return test.id == id; });
  return found == tests.end() ? nullptr : &*found;
}

/// Sums of floating-point numbers differ a little from machine to machine.
bool about_same(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max({1e-3, std::abs(a), std::abs(b)});
}

}  // namespace

DarkCheck::DarkCheck(const DarkLaw& law) : mean_(law.mean) {
  const auto refuse = [](const std::string& why) {
    throw Error(Category::refused, fmt::format("a look in the dark would tell nothing: {}", why));
  };
  if (!(law.samples > 0 && law.variance > 0 && std::isfinite(law.mean) && std::isfinite(law.fourth)))
    refuse("there is no noise in the dark that it could be compared with");
  if (!(law.fourth <= most_kurtosis * law.variance * law.variance))
    refuse("most of the noise in the dark is of rare codes, and nobody can say how many are too many");
  const DarkLimits mean = limits_of_mean(law), variance = limits_of_variance(law);
  if (!(variance.high < law.lit_variance))
    refuse(
        fmt::format("a variance of {:.6g} would pass, and the lit source has {:.6g}", variance.high, law.lit_variance));
  unit_ = variance.high * line_limit();
  readings_[0] = {ids[0], "the mean in the dark", mean.low, mean.high};
  readings_[1] = {ids[1], "the variance in the dark", variance.low, variance.high};
  readings_[2] = {ids[2], "the strongest line in the dark, as a part of its limit,", 0, 1};
}

std::optional<DarkCheck::Failure> DarkCheck::judge(std::span<const std::uint16_t> samples, std::uint64_t used) {
  if (samples.size() != dark_samples) throw Error(Category::internal, "a look in the dark has 2^20 samples");
  std::array<double, 3> values = measured(samples, mean_);
  values[2] /= unit_;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Reading& reading = readings_[i];
    // A number that is none is no good sign either.
    if (values[i] >= reading.low && values[i] <= reading.high) continue;
    return Failure{std::string(reading.id),
                   fmt::format("{} is {:.6g} in {} samples, expected from {:.6g} to {:.6g}", reading.what, values[i],
                               dark_samples, reading.low, reading.high)};
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    Reading& reading = readings_[i];
    reading.lowest = checks_ == 0 ? values[i] : std::min(reading.lowest, values[i]);
    reading.highest = checks_ == 0 ? values[i] : std::max(reading.highest, values[i]);
    reading.last = values[i];
  }
  ++checks_;
  longest_ = std::max(longest_, used);
  return std::nullopt;
}

std::vector<HealthTestRecord> DarkCheck::records() const {
  std::vector<HealthTestRecord> records;
  for (const Reading& reading : readings_) {
    HealthTestRecord record{.id = std::string(reading.id), .window = dark_samples, .alpha_log2 = dark_alpha_log2};
    record.readings = {{"checks", checks_}, {"longest", longest_}, {"low", reading.low}, {"high", reading.high}};
    if (checks_ > 0) {
      record.readings["lowest"] = reading.lowest;
      record.readings["highest"] = reading.highest;
      record.readings["last"] = reading.last;
    }
    records.push_back(std::move(record));
  }
  return records;
}

bool is_dark_check(std::string_view id) {
  return std::find(std::begin(ids), std::end(ids), id) != std::end(ids);
}

std::uint64_t dark_checks_in(std::span<const HealthTestRecord> tests) {
  const HealthTestRecord* const record = record_of(tests, ids[0]);
  if (record == nullptr) return 0;
  // Not all of its members are of interest here, and finish() is not called.
  return ObjectReader(record->readings, record->id + ".readings").count("checks");
}

std::uint64_t interrupting_dark_checks_in(std::span<const HealthTestRecord> tests) {
  const std::uint64_t checks = dark_checks_in(tests);
  return checks > 2 ? checks - 2 : 0;
}

std::vector<std::string> faults_of_dark_checks(std::span<const HealthTestRecord> tests, const DarkLaw& law,
                                               std::uint64_t every, std::uint64_t admitted) try {
  Faults faults;
  const std::vector<HealthTestRecord> wanted = DarkCheck(law).records();
  faults.unless(every >= least_dark_interval && every <= most_dark_interval,
                "{} samples between two looks in the dark; there may be from 2^20 to 2^48", every);
  const std::uint64_t checks = dark_checks_in(tests);
  // In doubles, which are exact enough: a liar's counts may be near 2^64.
  if (!faults.unless(
          checks >= 2 && static_cast<double>(checks - 1) * static_cast<double>(every) >= static_cast<double>(admitted),
          "{} looks in the dark, one every {} samples, are too few for {} samples", checks, every, admitted))
    return faults.take();
  for (const HealthTestRecord& should : wanted) {
    const HealthTestRecord* const said = record_of(tests, should.id);
    faults.unless(said != nullptr, "the {} test is missing", should.id);
    if (said == nullptr) continue;
    faults.unless(said->window == should.window && !said->cutoff && said->alpha_log2 == should.alpha_log2,
                  "the {} test looks at {} samples, has no cut-off and a rate of 2^{}", should.id, should.window,
                  dark_alpha_log2);
    ObjectReader readings(said->readings, said->id + ".readings");
    faults.unless(readings.count("checks") == checks, "the {} test counts other looks than the first", should.id);
    const std::uint64_t longest = readings.count("longest");
    faults.unless(longest <= every &&
                      static_cast<double>(longest) * static_cast<double>(checks - 1) >= static_cast<double>(admitted),
                  "the {} test says that at most {} samples were used between two looks", should.id, longest);
    const double low = readings.number("low"), high = readings.number("high", low);
    faults.unless(about_same(low, should.readings["low"].get<double>()) &&
                      about_same(high, should.readings["high"].get<double>()),
                  "the limits of the {} test do not follow from the calibration's dark level", should.id);
    const double lowest = readings.number("lowest"), highest = readings.number("highest", lowest);
    static_cast<void>(readings.number("last", lowest, highest));
    readings.finish();
    faults.unless(low <= lowest && highest <= high, "{}: readings from {} to {} would have closed the gate", should.id,
                  lowest, highest);
  }
  return faults.take();
} catch (const Error& error) {
  return {error.what()};
}

}  // namespace lightseed::health
