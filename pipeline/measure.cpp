// SPDX-License-Identifier: Apache-2.0
#include "pipeline/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/error.h"
#include "stats/input/input.h"
#include "stats/sp800_90b/assessment.h"
#include "stats/sp800_90b/assessment_faults.h"
#include "stats/sp800_90b/iid/iid_assessment.h"

namespace lightseed {
namespace {

using namespace sp800_90b;

/// What to say of a result that is on record.
MinEntropy measured(std::string method, const AssessmentRecord& record) {
  return {.bits_per_sample = record.min_entropy,
          .basis = MinEntropy::Basis::measured,
          .method = std::move(method),
          .assumptions = {"the samples assessed are like those used"},
          .details = to_json(record)};
}

MinEntropy assess_non_iid(const Input& input, const std::stop_token& stop, std::vector<AssessmentRecord> refuted) {
  AssessmentRecord record = assess(input.symbols, {.width = input.width, .stop = stop});
  record.kept_bits = input.kept;
  record.refuted = std::move(refuted);
  const Estimate* binding = record.binding();
  const std::string what = binding == nullptr
                               ? "the samples are all the same"
                               : fmt::format("the {} estimate on the {} is the smallest", binding->id,
                                             binding->view == View::literal ? "samples themselves" : "bit string");
  return measured(
      fmt::format("NIST SP 800-90B non-IID track (6.3) on {} raw samples of this run: {}{}", record.samples, what,
                  record.refuted.empty() ? "" : "; the operator's claim that samples are IID was tested and refuted"),
      record);
}

AssessmentRecord assess_as_iid(const Input& input, const std::stop_token& stop) {
  AssessmentRecord record =
      record_of(assess_iid(input.symbols, {.width = input.width, .permutation = {.seed = fresh_seed(), .stop = stop}}));
  record.kept_bits = input.kept;
  return record;
}

MinEntropy iid_claim(const AssessmentRecord& record) {
  MinEntropy claim = measured(fmt::format("NIST SP 800-90B IID track (5, 6.3.1) on {} raw samples of this run: the "
                                          "operator's claim that they are IID passed every test",
                                          record.samples),
                              record);
  claim.assumptions.emplace_back("samples are independent and identically distributed: the operator's claim");
  return claim;
}

/// The rules a run's measurement keeps beyond those that every assessment keeps.
std::vector<std::string> faults_of_scope(const AssessmentRecord& record) {
  std::vector<std::string> faults;
  if (record.samples < wanted_samples) {
    faults.push_back(fmt::format("it rests on {} samples, fewer than {}", record.samples, wanted_samples));
  }
  if (!record.complete || record.only || record.bit_limit || record.windows) {
    faults.emplace_back("it is a screen: some estimators, a view or samples were left out");
  }
  if (record.iid && !record.iid->passed) faults.emplace_back("it is of IID samples, but they did not pass its tests");
  if (record.iid && record.iid->rounds < PermutationOptions{}.rounds) {
    faults.push_back(fmt::format("its permutation tests have {} rounds, fewer than {} (5.1)", record.iid->rounds,
                                 PermutationOptions{}.rounds));
  }
  return faults;
}

bool can_be_of(const AssessmentRecord& record, const SampleFormat& format) {
  const std::set<unsigned> kept(record.kept_bits.begin(), record.kept_bits.end());
  const bool cut = format.bits > 8;
  return record.width == std::min(8U, format.bits) && kept.size() == record.kept_bits.size() &&
         kept.size() == (cut ? 8U : 0U) && (!cut || *kept.rbegin() < format.bits);
}

}  // namespace

Assess measure_with(MeasureSettings settings) {
  return [claimed = settings.iid_claim, stop = std::move(settings.stop)](std::span<const std::byte> raw,
                                                                         const SampleFormat& format) {
    const Input input = read_all(InputStream(raw, {.format = format, .eight_bits = true}));
    if (!claimed) return assess_non_iid(input, stop, {});
    AssessmentRecord iid = assess_as_iid(input, stop);
    if (iid.iid->passed) return iid_claim(iid);
    return assess_non_iid(input, stop, {std::move(iid)});
  };
}

std::vector<std::string> faults_of_measurement(const AssessmentRecord& record, double bits_per_sample,
                                               const std::optional<SampleFormat>& format) {
  std::vector<std::string> faults = faults_of_assessment(record);
  for (std::string& fault : faults_of_scope(record))
    faults.push_back(std::move(fault));
  if (record.min_entropy != bits_per_sample) faults.emplace_back("its min-entropy is not the one it counts for");
  if (format && !can_be_of(record, *format)) {
    faults.push_back(fmt::format("{} bits of a sample were assessed, but samples have {}", record.width, format->bits));
  }
  for (std::string& fault : faults)
    fault = "raw assessment: " + fault;
  return faults;
}

std::vector<std::string> faults_of_measurement(const MinEntropy& measured, const SampleFormat& format) try {
  return faults_of_measurement(assessment_from({measured.details, "entropy.measured.details"}),
                               measured.bits_per_sample, format);
} catch (const Error& e) {
  return {fmt::format("the raw assessment is malformed: {}", e.what())};
}

std::vector<std::string> faults_of_assessed_json(const Json& assessment) try {
  ObjectReader reader(assessment, "assessment");
  return faults_of_assessment(take_assessment(reader));
} catch (const Error& e) {
  return {e.what()};
}

std::uint64_t assessed_samples_of(const MinEntropy& measured) {
  return ObjectReader(measured.details, "entropy.measured.details").count("samples");
}

}  // namespace lightseed
