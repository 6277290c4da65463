// SPDX-License-Identifier: Apache-2.0
#include "stats/gmt0005/gmt0005_suite.h"

#include "stats/audit/p_value_suite.h"
#include "stats/gmt0005/gmt0005.h"
#include "stats/sequence/spectrum_cache.h"

namespace lightseed::stats {
namespace {

constexpr unsigned longest_pattern = 8;  // approximate entropy of 7 bits looks at 8

}  // namespace

std::unique_ptr<SuiteRun> begin_gmt0005(const SuiteOptions& options) {
  PValueSuite suite{.id = "gmt0005",
                    .profile = options.profile,
                    .clauses = "GM/T 0005-2021 6.2, 6.3",
                    .sequence_bits = options.sequence_bits.value_or(1'000'000),
                    .may_be_shorter = !options.sequence_bits,
                    .rule = ProportionRule::not_fewer};
  const gmt0005::Parameters& parameters = gmt0005::parameters_for(suite.profile, suite.sequence_bits);
  suite.parameters = {.verified = parameters.verified, .origin = std::string(parameters.origin)};
  for (const auto& test : gmt0005::tests())
    suite.tests.push_back(
        {test.id, test.clause, test.least_bits, {.fine = test.id == "block-frequency" || test.id == "poker"}});
  suite.run = [profile = suite.profile, spectra = std::make_shared<SpectrumCache>()](const BitString& bits) {
    const Sequence sequence(bits, longest_pattern);
    const gmt0005::Facts facts{sequence, gmt0005::parameters_for(profile, bits.size()), spectra->of(bits.size())};
    return run_battery(gmt0005::tests(), facts, bits.size());
  };
  return run_of(std::move(suite));
}

}  // namespace lightseed::stats
