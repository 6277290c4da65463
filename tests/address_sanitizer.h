// SPDX-License-Identifier: Apache-2.0
#pragma once

/// LIGHTSEED_UNDER_ASAN: whether the address sanitizer watches, whichever compiler put it in.
#if defined(__SANITIZE_ADDRESS__)
#define LIGHTSEED_UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIGHTSEED_UNDER_ASAN 1
#endif
#endif
#ifndef LIGHTSEED_UNDER_ASAN
#define LIGHTSEED_UNDER_ASAN 0
#endif
