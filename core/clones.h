// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a kernel that is compiled for several instruction sets, "avx2" say, and for any processor; the best one is
/// chosen when the program is loaded: before a sanitizer can be called. What it calls must be inlined to take part.
/// Clang 14 knows no clones of what is a template.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__) || defined(__clang__) || !defined(__x86_64__)
#define LIGHTSEED_CLONES(...)
#else
#define LIGHTSEED_CLONES(...) __attribute__((target_clones(__VA_ARGS__, "default")))
#endif

/// The usual case: loops that gain from registers of 32 bytes, from fused multiplication and addition, and from
/// counting ones in hardware. Not for floating-point numbers that must be the same on every machine.
#define LIGHTSEED_WIDE LIGHTSEED_CLONES("arch=x86-64-v3")

#define LIGHTSEED_INLINE inline __attribute__((always_inline))
