#pragma once

#include "pipeline/block_judge.h"

namespace lightseed {

/// Judges each device of a pool by a health gate of its own, with cut-offs from the device's own claim.
/// The maker throws Error(usage) for a device whose claim is 0: nothing can be judged by it.
JudgeMaker health_judge(double alpha_log2 = -30);

}  // namespace lightseed
