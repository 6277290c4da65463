// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_22/profile.h"

#include <fmt/format.h>

#include "core/error.h"

namespace lightseed::stats::sp800_22 {

const std::vector<Profile>& profiles() {
  static const std::vector<Profile> all{
      // The program overwrites the document's table of overlapping templates by a formula for another case.
      {.id = "sts-2.1.2",
       .longest_run_10000 = {0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727},
       .overlapping = {0.36787944117144233, 0.18393972058572117, 0.13795479043929088, 0.09963401531726562,
                       0.06993541459769606, 0.14065661788858397},
       .linear_complexity = {0.01047, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833},
       .dft_threshold = 2.995732274,
       .sums_cut_off = true},
      {.id = "corrected",
       .longest_run_10000 = {0.086632311080, 0.208200648388, 0.248418581942, 0.193912786742, 0.121458485089,
                             0.068011089304, 0.073366097456},
       .overlapping = {0.364091053217, 0.185658900106, 0.139381130459, 0.100571143999, 0.070432326346, 0.139865445873},
       .linear_complexity = {1.0 / 96, 1.0 / 32, 1.0 / 8, 1.0 / 2, 1.0 / 4, 1.0 / 16, 1.0 / 48},
       .dft_threshold = 2.9957322735539910,
       .sums_cut_off = false},
  };
  return all;
}

const Profile& find_profile(std::string_view id) {
  std::string known;
  for (const Profile& profile : profiles()) {
    if (profile.id == id) return profile;
    known += (known.empty() ? "" : ", ") + std::string(profile.id);
  }
  throw Error(Category::usage, fmt::format("SP 800-22 has no profile \"{}\"; there are {}", id, known));
}

}  // namespace lightseed::stats::sp800_22
