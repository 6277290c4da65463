// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "stats/health/reference.h"

namespace lightseed::health {

/// A reference measured on samples that are known to be healthy: what stands in for a law where samples depend on each
/// other in a way that has no closed form, and for a model where there is a device. Every limit made of it allows for
/// what such a measurement may be wrong by.
///
/// `samples` of `bits` bits, in the order they came, at least 8 blocks of 65,536. `claim` in bits a sample. The memory
/// is that of sums over 4,096 samples: what is remembered for longer is not seen. Throws Error(not_enough_data).
Reference measured_reference(std::span<const std::uint16_t> samples, unsigned bits, double claim);

}  // namespace lightseed::health
