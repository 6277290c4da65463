// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The instruction set that the kernels of Target::vector128 are compiled for, as LIGHTSEED_BEGIN_TARGET takes it; not
/// defined where they are not.
#if defined(__x86_64__)
#define LIGHTSEED_VECTOR128 "pclmul,ssse3"
#elif defined(__aarch64__) && defined(__clang__)
#define LIGHTSEED_VECTOR128 "aes"
#elif defined(__aarch64__)
#define LIGHTSEED_VECTOR128 "+crypto"
#endif
