#if defined(__x86_64__)

#include "entropy/extract/additive_fft/fft_engine.h"
#include "entropy/extract/additive_fft/word_tables.h"
#include "entropy/extract/intrinsics.h"

LIGHTSEED_BEGIN_TARGET("avx2,vpclmulqdq,pclmul")

namespace lightseed::additive_fft {
namespace {

#include "entropy/extract/additive_fft/word_engine-inl.h"
#include "entropy/extract/carryless_256-inl.h"

}  // namespace

const FftEngine word_engine_256 = make_engine<Vector>(86e3, 8e3);

}  // namespace lightseed::additive_fft

LIGHTSEED_END_TARGET

#endif
