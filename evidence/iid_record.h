// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// 5.2.1–5.2.4.
struct ChiSquareFigures {
  double t = 0;
  std::int64_t df = 0;
  double p = 1;
};

/// 5.2.5.
struct LongestRepeatFigures {
  double p_col = 0;
  std::uint64_t w = 0;
  double p = 1;
};

/// 5.1: how many rearrangements had a greater, an equal, a smaller value than the samples as they came.
struct PermutationFigures {
  double original = 0;
  std::uint64_t c0 = 0;
  std::uint64_t c1 = 0;
  std::uint64_t c2 = 0;
};

/// A statistic of 5.1 that nobody needed any more.
struct NotRunFigures {
  double original = 0;
  std::string why;
};

/// One test of SP 800-90B section 5 and its figures.
struct IidTestRecord {
  std::string id;
  std::variant<ChiSquareFigures, LongestRepeatFigures, PermutationFigures, NotRunFigures> figures;
  bool passed = false;      ///< without meaning where it was not run
  bool borderline = false;  ///< so close to the limit that another seed might decide otherwise
};

/// What the IID track adds to an assessment.
struct IidRecord {
  std::uint64_t seed = 0;    ///< of the rearrangements
  std::uint64_t rounds = 0;  ///< rearrangements at most
  bool full = false;         ///< every statistic over all rounds
  bool passed = false;
  bool borderline = false;
  std::vector<IidTestRecord> tests;
};

/// `{"id":…,"t":…,"df":…,"p":…,"passed":…,"borderline":…}`, or "p_col", "w", "p"; "original", "c0", "c1", "c2";
/// "original", "not_run".
Json to_json(const IidTestRecord& test);
IidTestRecord iid_test_from(ObjectReader& reader);

}  // namespace lightseed
