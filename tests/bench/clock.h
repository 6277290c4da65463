#pragma once

namespace lightseed::bench {

/// Cycles a second the core runs at now, at best, from chains of dependent products (some milliseconds); 0 where that
/// is not known how. To state a port-bound limit in the unit of the benchmark.
double clock_hz();

}  // namespace lightseed::bench
