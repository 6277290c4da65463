// SPDX-License-Identifier: Apache-2.0
// carryless_128-inl.h on aarch64: NEON with PMULL.

struct Vector {
  using type = uint64x2_t;
  static constexpr std::size_t lanes = 1;

  static type load(const std::uint64_t* from) noexcept { return vld1q_u64(from); }
  static void store(std::uint64_t* to, type v) noexcept { vst1q_u64(to, v); }
  static type broadcast(const std::uint64_t* from) noexcept { return load(from); }
  static type zero() noexcept { return vdupq_n_u64(0); }
  static type both_words(long long word) noexcept { return vdupq_n_u64(static_cast<std::uint64_t>(word)); }
  static type add(type a, type b) noexcept { return veorq_u64(a, b); }
  static type add3(type a, type b, type c) noexcept { return add(add(a, b), c); }
  static type up(type a) noexcept { return vextq_u64(zero(), a, 1); }
  static type down(type a) noexcept { return vextq_u64(a, zero(), 1); }
  static type low_words(type a, type b) noexcept { return vzip1q_u64(a, b); }
  static type high_words(type a, type b) noexcept { return vzip2q_u64(a, b); }
  static type word(std::uint64_t x) noexcept { return vcombine_u64(vcreate_u64(x), vcreate_u64(0)); }
  static std::uint64_t low_word(type a) noexcept { return vgetq_lane_u64(a, 0); }
  static std::uint64_t high_word(type a) noexcept { return vgetq_lane_u64(a, 1); }

  /// PMULL takes both low words, PMULL2 both high ones. For one of each the words of `b` change places: in our kernels
  /// `b` is the one that meets many `a`, so that happens once for all of them; the compiler, if it knew what the low
  /// word then is, would fetch it a second time.
  template <int select>
  static type product(type a, type b) noexcept {
    if constexpr (select == 0x01 || select == 0x10) {
      b = vextq_u64(b, b, 1);
      asm("" : "+w"(b));
    }
    if constexpr ((select & 1) != 0) {
      return vreinterpretq_u64_p128(vmull_high_p64(vreinterpretq_p64_u64(a), vreinterpretq_p64_u64(b)));
    } else {
      return vreinterpretq_u64_p128(vmull_p64(low_word(a), low_word(b)));
    }
  }
};
