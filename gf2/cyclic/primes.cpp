// SPDX-License-Identifier: Apache-2.0
#include "gf2/cyclic/primes.h"

namespace lightseed {
namespace {

__extension__ typedef unsigned __int128 Wide;  // ISO C++ has no name for it

std::uint64_t power_of_two_modulo(std::uint64_t exponent, std::uint64_t p) noexcept {
  std::uint64_t result = 1;
  std::uint64_t square = 2 % p;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = static_cast<std::uint64_t>(Wide{result} * square % p);
    square = static_cast<std::uint64_t>(Wide{square} * square % p);
  }
  return result;
}

}  // namespace

bool is_prime(std::uint64_t x) noexcept {
  if (x < 4) return x >= 2;
  if (x % 2 == 0) return false;
  for (std::uint64_t d = 3; d * d <= x; d += 2)
    if (x % d == 0) return false;
  return true;
}

bool two_is_primitive_root(std::uint64_t p) noexcept {
  if (p == 2) return false;  // 2 is zero there
  std::uint64_t rest = p - 1;
  for (std::uint64_t q = 2; rest > 1; q = q * q > rest ? rest : q + 1) {
    if (rest % q != 0) continue;
    if (power_of_two_modulo((p - 1) / q, p) == 1) return false;
    while (rest % q == 0)
      rest /= q;
  }
  return true;
}

}  // namespace lightseed
