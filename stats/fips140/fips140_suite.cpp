// SPDX-License-Identifier: Apache-2.0
#include "stats/fips140/fips140_suite.h"

#include "stats/audit/block_suite.h"
#include "stats/fips140/fips140.h"

namespace lightseed::stats {

std::unique_ptr<SuiteRun> begin_fips140(const SuiteOptions& /*options*/) {
  BlockSuite suite{.id = "fips140-2", .clause = "FIPS 140-2 4.9.1", .block_bytes = fips_block_bytes};
  for (std::size_t t = 0; t < fips140_tests().size(); ++t)
    suite.tests.push_back({fips140_tests()[t].id, fips140_tests()[t].clause, fips140_rates[t]});
  suite.look = [](std::span<const std::byte> block, std::span<Tally> tallies) {
    const auto passed = fips140_passed(fips_facts(block));
    for (std::size_t t = 0; t < passed.size(); ++t)
      tallies[t].count(passed[t]);
  };
  return run_of(std::move(suite));
}

}  // namespace lightseed::stats
