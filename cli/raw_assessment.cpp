#include "cli/raw_assessment.h"

#include <fmt/format.h>

#include "core/error.h"
#include "stats/sp800_90b/most_common_value.h"

namespace lightseed::cli {
namespace {

constexpr std::uint64_t least_samples = 1'000'000;  // SP 800-90B 3.1.1

}  // namespace

MinEntropy assess_raw(std::span<const std::byte> raw, const SampleFormat& format) {
  if (format.bits > 8) {
    throw Error(Category::usage,
                fmt::format("raw samples of {} bits cannot be assessed yet, only up to 8", format.bits));
  }
  const std::size_t samples = format.samples_in(raw.size());
  std::vector<std::uint16_t> wide(samples);
  unpack(raw, format, wide);
  const std::vector<std::uint8_t> symbols(wide.begin(), wide.end());
  const auto estimate = sp800_90b::most_common_value(symbols);
  return {.bits_per_sample = estimate.min_entropy,
          .basis = MinEntropy::Basis::measured,
          .method =
              "most common value estimate on raw samples of this run, NIST SP 800-90B 6.3.1; the other "
              "estimators of section 6.3 were not run",
          .assumptions = {"the samples assessed are like those used"},
          .details = {
              {"estimator", "mcv"}, {"samples", samples}, {"mode_count", estimate.mode_count}, {"p_u", estimate.p_u}}};
}

std::vector<std::string> check_raw_assessment(const Json& measured) try {
  const Json& details = measured.at("details");
  const auto samples = details.at("samples").get<std::uint64_t>();
  std::vector<std::string> faults;
  if (details.at("estimator") != "mcv") faults.push_back("the raw assessment is of an unknown kind");
  if (samples < least_samples) {
    faults.push_back(fmt::format("the raw assessment rests on {} samples, fewer than {}", samples, least_samples));
  }
  const auto again = sp800_90b::most_common_value(details.at("mode_count").get<std::uint64_t>(), samples);
  if (again.min_entropy != measured.at("bits_per_sample").get<double>()) {
    faults.push_back("the raw assessment's min-entropy does not follow from its counts");
  }
  return faults;
} catch (const Json::exception& e) {
  return {fmt::format("the raw assessment is incomplete: {}", e.what())};
} catch (const Error& e) {
  return {fmt::format("the raw assessment is wrong: {}", e.what())};
}

}  // namespace lightseed::cli
