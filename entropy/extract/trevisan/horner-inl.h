// Horner's rule in GF(2^128) over one vector type. Included by every horner_*.cpp behind carryless_*-inl.h, between
// LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed namespace; therefore no include guard and no
// includes.

/// `groups` vectors are in flight, to cover the multiplier's latency.
template <typename Vector, std::size_t groups>
std::uint32_t horner(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                     const std::uint64_t* beta) {
  using V = typename Vector::type;
  constexpr std::size_t together = groups * Vector::lanes;
  std::uint32_t bits = 0;
  const V fold = Vector::both_words(0x87);
  for (std::size_t first = 0; first < batch; first += together) {
    V a[groups], sum[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      a[g] = Vector::load(alpha + 2 * (first + g * Vector::lanes));
      sum[g] = Vector::broadcast(x + 2 * (chunks - 1));
    }
    for (std::size_t j = chunks - 1; j-- > 0;) {
      const V chunk = Vector::broadcast(x + 2 * j);
#pragma GCC unroll 8
      for (std::size_t g = 0; g < groups; ++g) {
        const V low = Vector::template product<0x00>(sum[g], a[g]);
        const V high = Vector::template product<0x11>(sum[g], a[g]);
        // Words 1 and 2 of the product: both cross products, and the fold of word 3.
        const V middle = Vector::add(
            Vector::add(Vector::template product<0x01>(sum[g], a[g]), Vector::template product<0x10>(sum[g], a[g])),
            Vector::template product<0x01>(high, fold));
        // Word 2 is high's lower word and middle's upper one; both fold onto words 0 and 1.
        const V folded =
            Vector::add(Vector::template product<0x00>(high, fold), Vector::template product<0x01>(middle, fold));
        sum[g] = Vector::add(Vector::add(low, Vector::up(middle)), Vector::add(folded, chunk));
      }
    }
    for (std::size_t g = 0; g < groups; ++g) {
      std::uint64_t words[2 * Vector::lanes];
      Vector::store(words, sum[g]);
      for (std::size_t lane = 0; lane < Vector::lanes; ++lane) {
        const std::size_t i = first + g * Vector::lanes + lane;
        std::uint64_t parity = (words[2 * lane] & beta[2 * i]) ^ (words[2 * lane + 1] & beta[2 * i + 1]);
        for (unsigned shift = 32; shift > 0; shift /= 2)
          parity ^= parity >> shift;
        bits |= static_cast<std::uint32_t>(parity & 1) << i;
      }
    }
  }
  return bits;
}
