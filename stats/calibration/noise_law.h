// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evidence/calibration_record.h"

namespace lightseed::calibration {

/// A way in which noise comes with light: what is fitted, and what follows for the min-entropy.
///
/// Each takes the record's levels, in the order of their powers from dark to usual, the format, the reference's counts
/// and the bound, and fills in parameters, misfit and claim. Whatever the measurement cannot carry throws
/// Error(verdict): there is no calibration then, rather than a small claim that nobody understands.

/// Balanced detection: var = F + a P + b P^2. The quantum part is a, never b, which is the laser's own noise; of it
/// only what its own past does not tell is new (Gehring et al., Nat. Commun. 12, 605 (2021)); F, b and the past are
/// known to the adversary (Haw et al., arXiv:1411.4512).
void conclude_balanced(CalibrationRecord& record);

/// A photon transfer curve: mean = m0 + c P, var = F + a P, so that an electron gives zeta = a / c codes and there are
/// c / zeta of them. The claim is that of Poisson's law, whose numbers are added up where they share a code; whatever
/// the read noise does is known.
void conclude_counted(CalibrationRecord& record);

/// Throws where a fit is worse than chance explains.
void require_fit(const char* what, double misfit, unsigned freedom);

/// Min-entropy of the codes as they were counted: what a test can see.
double marginal_of(const CalibrationReference& reference);

/// What the share of end codes is at most, `bound` deviations of its error allowed for.
double most_ends(const CalibrationLevel& level, double bound);

}  // namespace lightseed::calibration
