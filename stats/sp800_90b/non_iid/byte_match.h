// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace lightseed::sp800_90b {

/// Bit t says whether a[t] == b[t], t = 0 … 63, without any vector instruction.
inline std::uint64_t byte_match_64_portable(const std::uint8_t* a, const std::uint8_t* b) noexcept {
  std::uint64_t result = 0;
  for (unsigned t = 0; t < 64; ++t)
    result |= std::uint64_t{a[t] == b[t]} << t;
  return result;
}

/// The same. SSE2 belongs to every x86-64 machine, so nothing has to be looked up at run time.
inline std::uint64_t byte_match_64(const std::uint8_t* a, const std::uint8_t* b) noexcept {
#if defined(__SSE2__)
  std::uint64_t result = 0;
  for (unsigned part = 0; part < 4; ++part) {
    __m128i x;
    __m128i y;
    std::memcpy(&x, a + 16 * part, 16);
    std::memcpy(&y, b + 16 * part, 16);
    const auto equal = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(x, y)));
    result |= std::uint64_t{equal} << (16 * part);
  }
  return result;
#else
  return byte_match_64_portable(a, b);
#endif
}

/// Bit t says whether a[t] <= b[t], without any vector instruction.
inline std::uint64_t byte_not_above_64_portable(const std::uint8_t* a, const std::uint8_t* b) noexcept {
  std::uint64_t result = 0;
  for (unsigned t = 0; t < 64; ++t)
    result |= std::uint64_t{a[t] <= b[t]} << t;
  return result;
}

/// The same.
inline std::uint64_t byte_not_above_64(const std::uint8_t* a, const std::uint8_t* b) noexcept {
#if defined(__SSE2__)
  std::uint64_t result = 0;
  for (unsigned part = 0; part < 4; ++part) {
    __m128i x;
    __m128i y;
    std::memcpy(&x, a + 16 * part, 16);
    std::memcpy(&y, b + 16 * part, 16);
    const auto holds = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(x, y), x)));
    result |= std::uint64_t{holds} << (16 * part);
  }
  return result;
#else
  return byte_not_above_64_portable(a, b);
#endif
}

}  // namespace lightseed::sp800_90b
