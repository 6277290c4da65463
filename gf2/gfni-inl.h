// SPDX-License-Identifier: Apache-2.0
// Operands of GF2P8AFFINEQB. Included between LIGHTSEED_BEGIN_TARGET and LIGHTSEED_END_TARGET, inside an unnamed
// namespace; therefore no include guard and no includes.

/// The same 8 x 8 matrix in all eight words.
inline __m512i affine_operand(std::uint64_t matrix) noexcept {
  __m512i operand = _mm512_set1_epi64(static_cast<long long>(matrix));
#if defined(__clang__)
  // Clang 14 does not scale the displacement of a broadcast from memory in this instruction, which then reads
  // elsewhere. Out of a register it is right.
  asm("" : "+v"(operand));
#endif
  return operand;
}
