// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/error.h"
#include "stats/ais31/ais31_suite.h"
#include "stats/audit/suite.h"
#include "stats/fips140/fips140_suite.h"
#include "stats/gmt0005/gmt0005_suite.h"
#include "stats/gmt0062/gmt0062_suites.h"
#include "stats/sp800_22/sp800_22_suite.h"
#include "stats/whole_file/whole_file_suites.h"

namespace lightseed::stats {

const std::vector<Suite>& suites() {
  static const std::vector<Suite> all{
      {"sp800-22", "NIST SP 800-22 rev. 1a", {"corrected", "sts-2.1.2"}, true, begin_sp800_22},
      {"gmt0005", "GM/T 0005", {"2021", "2012"}, true, begin_gmt0005},
      {"ais31-a", "AIS 31, test procedure A", {}, false, begin_ais31_a},
      {"ais31-b", "AIS 31, test procedure B", {}, false, begin_ais31_b},
      {"ais31-2024", "AIS 20/31 of 2024, black-box suite", {}, false, begin_ais31_2024},
      {"fips140-2", "FIPS 140-2, 4.9.1", {}, false, begin_fips140},
      {"pooled", "The whole stream at once", {}, false, begin_pooled},
      {"ent", "Summary in the manner of ent", {}, false, begin_ent},
      {"gmt0062-delivery",
       "GM/T 0062 class E, delivery",
       {},
       false,
       begin_gmt0062_delivery,
       true,
       gmt0062_delivery_bits},
      {"gmt0062-power-on",
       "GM/T 0062 class E, power-on",
       {},
       false,
       begin_gmt0062_power_on,
       true,
       gmt0062_power_on_bits},
      {"gmt0062-periodic",
       "GM/T 0062 class E, periodic",
       {},
       false,
       begin_gmt0062_periodic,
       true,
       gmt0062_periodic_bits},
      {"gmt0062-single", "GM/T 0062 class E, single use", {}, true, begin_gmt0062_single, true},
  };
  return all;
}

void require_part_of(const std::string& id, const std::vector<AuditTest>& tests, const AuditPartSuite& part) {
  bool same = part.id == id && part.tests.size() == tests.size();
  for (std::size_t t = 0; same && t < tests.size(); ++t)
    same = part.tests[t].id == tests[t].id;
  if (same) return;
  throw Error(Category::malformed,
              fmt::format("a part of an audit has suite \"{}\" where {} is, or other tests in it", part.id, id));
}

const Suite& find_suite(std::string_view id) {
  std::string known;
  for (const Suite& suite : suites()) {
    if (suite.id == id) return suite;
    known += (known.empty() ? "" : ", ") + std::string(suite.id);
  }
  throw Error(Category::usage, fmt::format("there is no suite \"{}\"; there are {}", id, known));
}

}  // namespace lightseed::stats
