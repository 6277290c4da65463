// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a kernel that is compiled for several instruction sets, "avx2" say, and for any processor; the best one is
/// chosen when the program is loaded: before the thread sanitizer can be called. Clang 14 knows no clones of what is a
/// template.
#if defined(__SANITIZE_THREAD__) || defined(__clang__) || !defined(__x86_64__)
#define LIGHTSEED_CLONES(...)
#else
#define LIGHTSEED_CLONES(...) __attribute__((target_clones(__VA_ARGS__, "default")))
#endif
