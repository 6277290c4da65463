#pragma once

#include "driver/registry.h"

namespace lightseed::simulated {

/// `sim:homodyne?seed=42&qcnr_db=10&range=3.881&offset=0&noise_bound=5&fault=stuck@1000000`
///
/// 8-bit codes of HomodyneModel, one a byte. Without a seed one is drawn from the operating system; it is part of
/// the source's parameters, so every run can be repeated. Each start() is a restart with a stream of its own.
SourceDriver homodyne_driver();

}  // namespace lightseed::simulated
