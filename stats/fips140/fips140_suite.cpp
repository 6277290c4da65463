// SPDX-License-Identifier: Apache-2.0
#include "stats/fips140/fips140_suite.h"

#include "stats/audit/block_suite.h"
#include "stats/fips140/fips140.h"

namespace lightseed::stats {

std::unique_ptr<SuiteRun> begin_fips140(const SuiteOptions& /*options*/) {
  BlockSuite suite{
      .id = "fips140-2", .clause = "FIPS 140-2 4.9.1", .block_bytes = fips_block_bytes, .rate = fips140_rate};
  for (std::size_t t = 0; t < fips140_tests().size(); ++t)
    suite.tests.push_back({fips140_tests()[t].id, fips140_tests()[t].clause, fips140_rates[t]});
  suite.failures = [](std::span<const std::byte> block) {
    const FipsFacts facts = fips_facts(block);
    unsigned mask = 0;
    for (std::size_t t = 0; t < fips140_tests().size(); ++t)
      mask |= fips140_tests()[t].run(facts).passed.value_or(false) ? 0U : 1U << t;
    return mask;
  };
  return run_of(std::move(suite));
}

}  // namespace lightseed::stats
