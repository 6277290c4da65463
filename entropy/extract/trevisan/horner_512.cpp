#if defined(__x86_64__)

#include "entropy/extract/intrinsics.h"
#include "entropy/extract/trevisan/horner.h"

LIGHTSEED_BEGIN_TARGET("avx512f,avx512bw,avx512vl,avx512dq,vpclmulqdq,pclmul")

namespace lightseed::trevisan {
namespace {

struct Vector {
  using type = __m512i;
  static constexpr std::size_t lanes = 4;
  static type load(const std::uint64_t* from) noexcept { return _mm512_loadu_si512(from); }
  static void store(std::uint64_t* to, type v) noexcept { _mm512_store_si512(to, v); }
  static type broadcast(const std::uint64_t* from) noexcept {
    return _mm512_broadcast_i64x2(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from))));
  }
  static type add(type a, type b) noexcept { return _mm512_xor_si512(a, b); }
  static type up(type a) noexcept { return _mm512_bslli_epi128(a, 8); }
  static type fold_constant() noexcept { return _mm512_set1_epi64(0x87); }
  template <int select>
  static type product(type a, type b) noexcept {
    return _mm512_clmulepi64_epi128(a, b, select);
  }
};

#include "entropy/extract/trevisan/horner-inl.h"

}  // namespace

std::uint32_t horner_512(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                         const std::uint64_t* beta) {
  return horner<Vector, 8>(x, chunks, alpha, beta);
}

}  // namespace lightseed::trevisan

LIGHTSEED_END_TARGET

#endif
