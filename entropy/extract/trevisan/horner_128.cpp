#if defined(__x86_64__)

#include "entropy/extract/intrinsics.h"
#include "entropy/extract/trevisan/horner.h"

LIGHTSEED_BEGIN_TARGET("pclmul,ssse3")

namespace lightseed::trevisan {
namespace {

struct Vector {
  using type = __m128i;
  static constexpr std::size_t lanes = 1;
  static type load(const std::uint64_t* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from)));
  }
  static void store(std::uint64_t* to, type v) noexcept {
    _mm_store_si128(static_cast<__m128i*>(static_cast<void*>(to)), v);
  }
  static type broadcast(const std::uint64_t* from) noexcept { return load(from); }
  static type add(type a, type b) noexcept { return _mm_xor_si128(a, b); }
  static type up(type a) noexcept { return _mm_slli_si128(a, 8); }
  static type fold_constant() noexcept { return _mm_set1_epi64x(0x87); }
  template <int select>
  static type product(type a, type b) noexcept {
    return _mm_clmulepi64_si128(a, b, select);
  }
};

#include "entropy/extract/trevisan/horner-inl.h"

}  // namespace

std::uint32_t horner_128(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                         const std::uint64_t* beta) {
  return horner<Vector, 4>(x, chunks, alpha, beta);
}

}  // namespace lightseed::trevisan

LIGHTSEED_END_TARGET

#endif
