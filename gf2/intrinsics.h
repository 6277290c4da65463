// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12's AVX-512 headers mark "any value" by a variable initialised with itself and then warn of it when
// inlined (GCC bug 105593). The warning is reported at our lines, so it stays off in files with kernels.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// LIGHTSEED_BEGIN_TARGET("avx2,vpclmulqdq") … LIGHTSEED_END_TARGET compiles the functions between them for that
// instruction set, without a flag for the whole file. Everything between must have internal linkage (an unnamed
// namespace) and every header must be included before: an inline function compiled for AVX-512 in one file could
// otherwise be the copy the linker keeps for all.

#define LIGHTSEED_PRAGMA(text) _Pragma(#text)

#if defined(__clang__)
#define LIGHTSEED_BEGIN_TARGET(isa) \
  LIGHTSEED_PRAGMA(clang attribute push(__attribute__((target(isa))), apply_to = function))
#define LIGHTSEED_END_TARGET LIGHTSEED_PRAGMA(clang attribute pop)
#else
#define LIGHTSEED_BEGIN_TARGET(isa) LIGHTSEED_PRAGMA(GCC push_options) LIGHTSEED_PRAGMA(GCC target(isa))
#define LIGHTSEED_END_TARGET LIGHTSEED_PRAGMA(GCC pop_options)
#endif
