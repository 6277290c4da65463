// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lightseed::bench {

/// Cycles a second the core runs at now, from chains of dependent products (some milliseconds); 0 where that
/// is not known how. To state a port-bound limit in the unit of the benchmark.
double clock_hz();

/// Of the calling thread.
double thread_cpu_seconds();

/// Of all threads of this process.
double process_cpu_seconds();

/// Since some moment in the past.
double wall_seconds();

}  // namespace lightseed::bench
