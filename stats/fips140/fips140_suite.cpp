// SPDX-License-Identifier: Apache-2.0
#include "stats/fips140/fips140_suite.h"

#include "stats/audit/block_suite.h"
#include "stats/fips140/fips140.h"

namespace lightseed::stats {

std::unique_ptr<SuiteRun> begin_fips140(const SuiteOptions& /*options*/) {
  BlockSuite suite{.id = "fips140-2", .clause = "FIPS 140-2 4.9.1", .block_bytes = fips_block_bytes};
  for (const FipsTest& test : fips140_tests())
    suite.tests.push_back({test.id, "4.9.1", test.rate});
  suite.look = [](std::span<const std::byte> block, std::span<Tally> tallies) {
    const FipsFacts facts = fips_facts(block);
    for (std::size_t t = 0; t < tallies.size(); ++t)
      tallies[t].count(fips140_tests()[t].passes(facts));
  };
  return run_of(std::move(suite));
}

}  // namespace lightseed::stats
