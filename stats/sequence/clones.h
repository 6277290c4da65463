// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function whose loops gain from wide registers: the compiler makes it twice, for any x86-64 processor and
/// for those with AVX2, and the loader chooses. What it calls must be inlined to take part.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define LIGHTSEED_WIDE __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define LIGHTSEED_WIDE
#endif
#define LIGHTSEED_INLINE inline __attribute__((always_inline))
