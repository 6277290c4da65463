#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/sample_format.h"
#include "evidence/faults.h"
#include "evidence/min_entropy.h"
#include "evidence/sample_format_json.h"
#include "pipeline/key_stream.h"
#include "stats/health/cutoffs.h"

namespace lightseed {
namespace {

void check_health(const Json& health, const MinEntropy& modelled, const SampleFormat& format, Faults& faults) {
  const auto claim = health.at("claim_bits_per_sample").get<double>();
  const auto alpha = health.at("alpha_log2").get<double>();
  const Json& proportion = health.at("adaptive_proportion");
  const auto window = proportion.at("window").get<std::uint32_t>();
  // Cut-offs for more entropy than is claimed are stricter; for less they would let a sick source pass.
  faults.unless(claim >= modelled.bits_per_sample, "the health tests assume {} bits a sample, the model claims {}",
                claim, modelled.bits_per_sample);
  faults.unless(window == health::adaptive_proportion_window(format.bits), "the adaptive proportion window is {}",
                window);
  faults.unless(
      health.at("repetition_count").at("cutoff").get<std::uint32_t>() == health::repetition_count_cutoff(claim, alpha),
      "the repetition count cut-off does not follow from the claim and alpha");
  faults.unless(
      proportion.at("cutoff").get<std::uint32_t>() == health::adaptive_proportion_cutoff(window, claim, alpha),
      "the adaptive proportion cut-off does not follow from the claim and alpha");
  faults.unless(health.at("start_up_samples").get<std::uint64_t>() >= 1024 &&
                    health.at("start_up_tests_passed").get<std::uint64_t>() >= 1,
                "no start-up test over at least 1024 samples was passed");
  faults.unless(health.at("alarm").is_null(), "a health alarm is on record");
}

void check_extraction(const Json& evidence, const SampleFormat& format, double used, std::uint64_t key_bits,
                      Faults& faults) {
  const Json& extractor = evidence.at("extractor");
  const Json& plan = extractor.at("plan");
  const auto input_bits = plan.at("input_bits").get<std::uint64_t>();
  const auto output_bits = plan.at("output_bits").get<std::uint64_t>();
  const int limit = plan.at("log2_epsilon_limit").get<int>();
  // The whole plan follows from four numbers: make it again and compare.
  const ExtractionPlan again = plan_extraction(used, format, key_bits, limit, input_bits);
  faults.unless(to_json(again) == plan,
                "the extraction plan does not follow from {} bits a sample, {} key bits and 2^{}", used, key_bits,
                limit);
  const EpsilonAccount account = epsilon_account_from(extractor.at("epsilon"));
  faults.unless(account.limit_log2() == limit, "the epsilon account has another limit than the plan");
  faults.unless(account.blocks() * output_bits >= key_bits, "{} blocks of {} bits cannot give {} key bits",
                account.blocks(), output_bits, key_bits);
  for (const auto& charge : account.charges()) {
    faults.unless(charge.log2_epsilon <= plan.at("log2_epsilon_block").get<double>(),
                  "a block was charged another epsilon than its length allows");
  }
  const auto raw_bytes = evidence.at("source").at("raw_bytes").get<std::uint64_t>();
  faults.unless(raw_bytes * 8 >= account.blocks() * input_bits, "{} raw bytes are too few for {} blocks", raw_bytes,
                account.blocks());
  faults.unless(evidence.at("health").at("samples_admitted").get<std::uint64_t>() == format.samples_in(raw_bytes),
                "the health gate admitted another number of samples than were used");
}

}  // namespace

std::vector<std::string> faults_of_evidence(const Json& evidence, std::uint64_t key_bits) try {
  Faults faults;
  const SampleFormat format = sample_format_from({evidence.at("source").at("format"), "source.format"});
  const Json& entropy = evidence.at("entropy");
  const MinEntropy modelled = min_entropy_from({entropy.at("modelled"), "entropy.modelled"});
  const MinEntropy measured = min_entropy_from({entropy.at("measured"), "entropy.measured"});
  const auto used = entropy.at("used_bits_per_sample").get<double>();
  faults.unless(evidence.at("source").at("claim") == entropy.at("modelled"), "the model's claim is not the source's");
  faults.unless(measured.basis == MinEntropy::Basis::measured, "the assessment is not a measurement");
  faults.unless(used <= std::min(modelled.bits_per_sample, measured.bits_per_sample),
                "{} bits a sample were used, more than the model ({}) or the measurement ({}) gives", used,
                modelled.bits_per_sample, measured.bits_per_sample);
  check_health(evidence.at("health"), modelled, format, faults);
  check_extraction(evidence, format, used, key_bits, faults);
  return faults.take();
} catch (const Json::exception& e) {
  return {fmt::format("the evidence is incomplete: {}", e.what())};
} catch (const Error& e) {
  return {e.what()};
}

}  // namespace lightseed
