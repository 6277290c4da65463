#include "pipeline/measure.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "core/error.h"
#include "stats/input/input.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/assessment_faults.h"
#include "stats/sp800_90b/iid/iid_assessment.h"

namespace lightseed {
namespace {

using namespace sp800_90b;

/// What to say of a result that is on record in `details`.
MinEntropy measured(double bits, std::string method, Json details) {
  return {.bits_per_sample = bits,
          .basis = MinEntropy::Basis::measured,
          .method = std::move(method),
          .assumptions = {"the samples assessed are like those used"},
          .details = std::move(details)};
}

/// Where only some bits of a sample were looked at, which.
Json with_kept_bits(Json details, const Input& input) {
  if (!input.kept.empty()) details["kept_bits"] = input.kept;
  return details;
}

MinEntropy assess_non_iid(const Input& input, const std::stop_token& stop) {
  const Assessment result = assess(input.symbols, {.width = input.width, .stop = stop});
  const Estimate* binding = result.binding();
  const std::string what = binding == nullptr
                               ? "the samples are all the same"
                               : fmt::format("the {} estimate on the {} is the smallest", binding->id,
                                             binding->view == View::literal ? "samples themselves" : "bit string");
  return measured(
      result.min_entropy,
      fmt::format("NIST SP 800-90B non-IID track (6.3) on {} raw samples of this run: {}", result.samples, what),
      with_kept_bits(to_json(result), input));
}

/// Nothing when a test refutes the claim; `refuted` then says which tests did.
std::optional<MinEntropy> assess_as_iid(const Input& input, const std::stop_token& stop, Json& refuted) {
  const IidAssessment result =
      assess_iid(input.symbols, {.width = input.width, .permutation = {.seed = fresh_seed(), .stop = stop}});
  Json details = with_kept_bits(to_json(result), input);
  if (!result.passed()) {
    refuted = std::move(details);
    return std::nullopt;
  }
  MinEntropy claim = measured(result.min_entropy,
                              fmt::format("NIST SP 800-90B IID track (5, 6.3.1) on {} raw samples of this run: the "
                                          "operator's claim that they are IID passed every test",
                                          result.samples),
                              std::move(details));
  claim.assumptions.emplace_back("samples are independent and identically distributed: the operator's claim");
  return claim;
}

}  // namespace

Assess measure_with(MeasureSettings settings) {
  return [claimed = settings.iid_claim, stop = std::move(settings.stop)](std::span<const std::byte> raw,
                                                                         const SampleFormat& format) {
    const Input input = read_all(InputStream(raw, {.format = format}));
    if (!claimed) return assess_non_iid(input, stop);
    Json refuted;
    if (auto iid = assess_as_iid(input, stop, refuted)) return *std::move(iid);
    MinEntropy fallback = assess_non_iid(input, stop);
    fallback.method += "; the operator's claim that samples are IID was tested and refuted";
    fallback.details["refuted_iid_claim"] = std::move(refuted);
    return fallback;
  };
}

std::vector<std::string> check_raw_assessment(const Json& measured) try {
  const Json& details = measured.at("details");
  std::vector<std::string> faults;
  for (const std::string& fault : faults_of_assessment(details))
    faults.push_back("raw assessment: " + fault);
  const auto samples = details.at("samples").get<std::uint64_t>();
  if (samples < wanted_samples) {
    faults.push_back(fmt::format("the raw assessment rests on {} samples, fewer than {}", samples, wanted_samples));
  }
  if (details.at("track") == "iid" && details.at("passed") != true) {
    faults.emplace_back("the raw assessment is of IID samples, but they did not pass its tests");
  }
  if (details.at("min_entropy") != measured.at("bits_per_sample")) {
    faults.emplace_back("the raw assessment's min-entropy is not the one it counts for");
  }
  return faults;
} catch (const Json::exception& e) {
  return {fmt::format("the raw assessment is incomplete: {}", e.what())};
} catch (const Error& e) {
  return {fmt::format("the raw assessment is wrong: {}", e.what())};
}

}  // namespace lightseed
