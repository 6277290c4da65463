// SPDX-License-Identifier: Apache-2.0
#include "gf2/vector128.h"
#if defined(LIGHTSEED_VECTOR128)

#include <algorithm>

#include "gf2/additive_fft/fft_engine.h"
#include "gf2/additive_fft/word_tables.h"
#include "gf2/intrinsics.h"

LIGHTSEED_BEGIN_TARGET(LIGHTSEED_VECTOR128)

namespace lightseed::additive_fft {
namespace {

#include "gf2/additive_fft/word_engine-inl.h"
#include "gf2/carryless_128-inl.h"

}  // namespace

const FftEngine word_engine_128 = make_engine<Vector>(144e3, 20e3, 24e3);

}  // namespace lightseed::additive_fft

LIGHTSEED_END_TARGET

#endif
