// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "evidence/audit_record.h"

namespace lightseed::stats {

/// The p below which a sequence does not pass: every standard of ours takes 0.01.
inline constexpr double significance = 0.01;
/// Uniformity wants five expected values in each of ten bins, so 55 sequences (SP 800-22 4.2.2).
inline constexpr std::uint64_t least_for_uniformity = 55;

/// What is known of a test's p-values beyond what the standard says of them.
struct Calibration {
  /// The probability that a perfect source gives p or less, where the standard's approximation is known to be off.
  double (*truth)(double p) = nullptr;
  /// The statistic takes so many values that p very near 1 means: too even. Where it is a difference of two counts,
  /// exactly 0, so p = 1, is common.
  bool fine = false;
};

/// Counts a p-value in, and what the bins take: p again, or GM/T 0005's q.
void add(AuditItem& item, double p, double binned);

/// Counts in what another part of the data came to.
void append(AuditItem& item, const AuditItem& part);

/// P_T: chi-square of the ten bins against equal ones (SP 800-22 4.2.2, GM/T 0005 6.3).
double uniformity(const AuditItem& item);

/// How often a perfect source looks this bad in this item, 1 at most. Four looks at it, corrected for being four:
/// the number of p-values below 0.01 and that above 0.99 (binomial, exact), the smallest and the largest of them
/// (exact for what is uniformly distributed), and from 55 sequences on the uniformity of the bins.
double joint_probability(const AuditItem& item, const Calibration& calibration);

}  // namespace lightseed::stats
