// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core/sample_format.h"
#include "stats/health/health_test.h"

namespace lightseed::health {

using Tests = std::vector<std::unique_ptr<HealthTest>>;

/// The tests that every gate has, whatever its source: SP 800-90B 4.4.1 and 4.4.2, in this order.
///
/// `claim` in bits a sample, within (0, format.bits]; their cut-offs follow from it and from the false-alarm rate
/// 2^alpha_log2. Throws Error(usage).
Tests standard_tests(const SampleFormat& format, double claim, double alpha_log2);

}  // namespace lightseed::health
