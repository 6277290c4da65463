// SPDX-License-Identifier: Apache-2.0
#if defined(__x86_64__)

#include <algorithm>

#include "gf2/additive_fft/fft_engine.h"
#include "gf2/additive_fft/word_tables.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("avx2,vpclmulqdq,pclmul")

namespace lightseed::additive_fft {
namespace {

#include "gf2/additive_fft/word_engine-inl.h"
#include "gf2/carryless_256-inl.h"

}  // namespace

const FftEngine word_engine_256 = make_engine<Vector>(86e3, 8e3, 10e3);

}  // namespace lightseed::additive_fft

LIGHTSEED_END_TARGET

#endif
