#include "entropy/extract/carryless.h"
#include "entropy/extract/trevisan/horner.h"

namespace lightseed::trevisan {
namespace {

struct Wide {
  std::uint64_t low, high;
};

Wide product(std::uint64_t a, std::uint64_t b) noexcept {
  return {carryless_low(a, b), carryless_high_of_reversed(reversed(a), reversed(b))};
}

/// a * b modulo z^128 + z^7 + z^2 + z + 1, folding the upper half twice.
Wide multiply(Wide a, Wide b) noexcept {
  const Wide low = product(a.low, b.low), high = product(a.high, b.high);
  const Wide cross1 = product(a.low, b.high), cross2 = product(a.high, b.low);
  const Wide top = product(high.high, 0x87);
  const std::uint64_t second = high.low ^ cross1.high ^ cross2.high ^ top.high;
  const Wide folded = product(second, 0x87);
  return {low.low ^ folded.low, low.high ^ cross1.low ^ cross2.low ^ top.low ^ folded.high};
}

}  // namespace

std::uint32_t horner_portable(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                              const std::uint64_t* beta) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < batch; ++i) {
    Wide sum{x[2 * chunks - 2], x[2 * chunks - 1]};
    for (std::size_t j = chunks - 1; j-- > 0;) {
      sum = multiply(sum, {alpha[2 * i], alpha[2 * i + 1]});
      sum.low ^= x[2 * j];
      sum.high ^= x[2 * j + 1];
    }
    std::uint64_t parity = (sum.low & beta[2 * i]) ^ (sum.high & beta[2 * i + 1]);
    for (unsigned shift = 32; shift > 0; shift /= 2)
      parity ^= parity >> shift;
    bits |= static_cast<std::uint32_t>(parity & 1) << i;
  }
  return bits;
}

Horner horner_for(Target target) {
#if defined(__x86_64__)
  if (target == Target::vector512) return horner_512;
  if (target != Target::portable) return horner_128;
#endif
  static_cast<void>(target);
  return horner_portable;
}

}  // namespace lightseed::trevisan
