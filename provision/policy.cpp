// SPDX-License-Identifier: Apache-2.0
#include "provision/policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "core/clock.h"
#include "evidence/faults.h"
#include "evidence/run_record.h"

namespace lightseed {

std::vector<std::string> floors_of(const Policy& policy) {
  std::vector<std::string> floors{
      fmt::format("all keys together are within 2^{} of uniform", policy.most_log2_epsilon),
      fmt::format("health tests with a false-alarm rate from 2^{} to 2^{}", policy.least_alpha_log2,
                  policy.most_alpha_log2),
      fmt::format("what stands between extractor and keys: {}", fmt::join(policy.expansions, ", ")),
      fmt::format("the min-entropy that counts: {}", fmt::join(policy.bindings, ", ")),
      fmt::format("at least {} raw samples of the run assessed, at most {} days before its end",
                  policy.least_assessed_samples, policy.longest_run.count() / 24),
      policy.allow_test ? "any source, also simulators and recordings: for tests" : "hardware alone"};
  for (std::string& floor : floors_of(policy.signatures))
    floors.push_back(std::move(floor));
  if (policy.release_trust) {
    floors.push_back(fmt::format("a release, for which {} vouches", policy.release_trust->certificate().subject()));
  }
  if (policy.time_stamp_trust)
    floors.push_back(fmt::format("a time stamp, for which {} vouches", policy.time_stamp_trust->names()));
  return floors;
}

std::vector<std::string> refusals(const Policy& policy, const CertificateReading& certificate) {
  const CertifiedStrength& strength = certificate.strength;
  Faults faults;
  faults.unless(strength.log2_epsilon <= policy.most_log2_epsilon,
                "the keys are within 2^{} of uniform, and the policy wants 2^{}", strength.log2_epsilon,
                policy.most_log2_epsilon);
  faults.unless(strength.alpha_log2 >= policy.least_alpha_log2 && strength.alpha_log2 <= policy.most_alpha_log2,
                "the health tests' false-alarm rate of 2^{} is not from 2^{} to 2^{}", strength.alpha_log2,
                policy.least_alpha_log2, policy.most_alpha_log2);
  faults.unless(policy.expansions.contains(strength.expansion),
                "the keys come through {}, which the policy does not accept", strength.expansion);
  faults.unless(policy.bindings.contains(strength.binding),
                "what {} says counts as min-entropy, not the lower of claim and measurement; the policy does not "
                "accept that",
                strength.binding == calibrated_model_binds ? "a calibration" : strength.binding.c_str());
  faults.unless(strength.assessed_samples >= policy.least_assessed_samples,
                "{} raw samples were assessed, and the policy wants {}", strength.assessed_samples,
                policy.least_assessed_samples);
  const auto started = moment_from(strength.started), stopped = moment_from(strength.stopped);
  const auto longest = std::chrono::duration_cast<std::chrono::seconds>(policy.longest_run).count();
  faults.unless(started && stopped && *stopped - *started <= longest,
                "the run from {} to {} is longer than {} days: its assessment is too old for its last keys",
                strength.started, strength.stopped, policy.longest_run.count() / 24);
  faults.unless(policy.allow_test || fit_for_production(certificate.batch.provenance),
                "a {} batch, from a {} source, is refused for production", purpose_of(certificate.batch.provenance),
                name_of(certificate.batch.provenance));
  // Who made it is a matter of its seal (verify.h); that there is none is no fault of the certificate.
  faults.unless(!policy.release_trust || certificate.batch.releaser,
                "the batch was not issued under dual control, and the policy wants a release");
  return faults.take();
}

}  // namespace lightseed
