// SPDX-License-Identifier: Apache-2.0
#pragma once

// Kernels of monitors are compiled twice, and the better one is chosen when the program is loaded: before the thread
// sanitizer can be called. Clang 14 knows no clones of what is a template.
#if defined(__SANITIZE_THREAD__) || defined(__clang__) || !defined(__x86_64__)
#define LIGHTSEED_MONITOR_CLONES(target)
#else
#define LIGHTSEED_MONITOR_CLONES(target) __attribute__((target_clones(target, "default")))
#endif
