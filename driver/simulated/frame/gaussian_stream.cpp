// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/gaussian_stream.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <string>

#include "core/clones.h"
#include "driver/simulated/frame/dice.h"

namespace lightseed::simulated {
namespace {

constexpr std::size_t gaussian_block = GaussianStream::block;

// Of AVX2 alone: with FMA the compiler would fuse what has to be rounded twice, and the samples would depend on the
// machine.
#if defined(__clang__)
#pragma clang fp contract(off)
#endif

/// -ln((k + 1/2) / 2^31), for k below 2^31. The mantissa is brought into [sqrt(1/2), sqrt(2)), and of it
/// ln m = 2 artanh((m - 1) / (m + 1)).
inline float minus_log(std::int32_t k) {
  const float u = (static_cast<float>(k) + 0.5F) * 0x1p-31F;
  const auto bits = std::bit_cast<std::int32_t>(u);
  // 0x3f3504f3 is sqrt(1/2).
  const std::int32_t shifted = bits - 0x3f3504f3;
  const std::int32_t exponent = shifted >> 23;
  const float m = std::bit_cast<float>((shifted & 0x007fffff) + 0x3f3504f3);
  const float s = (m - 1.0F) / (m + 1.0F);
  const float z = s * s;
  const float series = s * (2.0F + z * (0.66666667F + z * (0.4F + z * (0.28571429F + z * 0.22222222F))));
  return -(static_cast<float>(exponent) * 0.69314718F + series);
}

/// sin(pi x) for |x| <= 1/2: Taylor's series, whose next term is below 6e-8.
inline float sine(float x) {
  const float z = x * x;
  return x * (3.14159265F +
              z * (-5.16771278F + z * (2.55016404F + z * (-0.59926453F + z * (0.08214589F - z * 0.00737043F)))));
}

inline float magnitude(float x) {
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) & 0x7fffffffU);
}

inline float with_sign_of(float sign, float x) {
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(x) ^ (std::bit_cast<std::uint32_t>(sign) & 0x80000000U));
}

/// sqrt(x) by Newton's iteration for 1 / sqrt(x): a call of sqrt() could set errno, and no compiler makes a vector of
/// those.
inline float root(float x) {
  float y = std::bit_cast<float>(0x5f3759df - (std::bit_cast<std::int32_t>(x) >> 1));
  const float half = 0.5F * x;
  y = y * (1.5F - half * y * y);
  y = y * (1.5F - half * y * y);
  y = y * (1.5F - half * y * y);
  return x * y;
}

LIGHTSEED_CLONES("avx2") void box_muller_kernel(const std::uint32_t* __restrict words, float* __restrict normals) {
  constexpr std::size_t half = gaussian_block / 2;
  for (std::size_t i = 0; i < half; ++i) {
    const float radius = root(2.0F * magnitude(minus_log(static_cast<std::int32_t>(words[i] >> 1))));
    // The angle, in half turns from -1 to 1. No branches: compilers make none of them a vector's.
    const float turn = static_cast<float>(static_cast<std::int32_t>(words[half + i])) * 0x1p-31F;
    const float quarter = 0.5F - magnitude(turn);
    normals[i] = radius * sine(quarter);
    normals[half + i] = with_sign_of(turn, radius * sine(0.5F - magnitude(quarter)));
  }
}

/// v_t = u_t + theta u_(t-1), with u = drive normals; `v` has eight numbers of before in front, `u` one.
LIGHTSEED_CLONES("avx2")
void drive_kernel(const float* __restrict normals, float drive, float theta, float* __restrict u, float* __restrict v) {
  for (std::size_t i = 0; i < gaussian_block; ++i)
    u[i + 1] = drive * normals[i];
  for (std::size_t i = 0; i < gaussian_block; ++i)
    v[i + 8] = u[i + 1] + theta * u[i];
}

/// sum over j < 8 of memory^j v_(t-j), by doubling.
LIGHTSEED_CLONES("avx2")
void window_kernel(const float* __restrict v, float memory, float* __restrict two, float* __restrict four,
                   float* __restrict eight) {
  const float memory2 = memory * memory, memory4 = memory2 * memory2;
  for (std::size_t i = 1; i < gaussian_block + 8; ++i)
    two[i] = v[i] + memory * v[i - 1];
  for (std::size_t i = 3; i < gaussian_block + 8; ++i)
    four[i] = two[i] + memory2 * two[i - 2];
  for (std::size_t i = 0; i < gaussian_block; ++i)
    eight[i] = four[i + 8] + memory4 * four[i + 4];
}

/// M_t = memory^8 M_(t-8) + eight_t, in place; the first eight of `m` are those before.
LIGHTSEED_CLONES("avx2") void recursion_kernel(float* m, float memory8) {
  for (std::size_t i = 8; i < gaussian_block + 8; ++i)
    m[i] += memory8 * m[i - 8];
}

LIGHTSEED_CLONES("avx2")
void convert_kernel(const float* __restrict m, float unit, float centre, float top, std::uint16_t* __restrict codes) {
  for (std::size_t i = 0; i < gaussian_block; ++i) {
    float code = centre + unit * m[i];
    code = code > 0.0F ? code : 0.0F;
    code = code < top ? code : top;
    codes[i] = static_cast<std::uint16_t>(static_cast<std::int32_t>(code));
  }
}

struct OneNoise {
  double theta, drive;
};

/// How one white noise drives what an autoregressive process and another white noise add up to: variance and
/// covariance at lag 1 of M_t - memory M_(t-1) are the same.
OneNoise one_noise(const GaussianLaw& law) {
  const double rho = law.memory, noise = law.noise * law.noise;
  const double variance = 1 - rho * rho + noise * (1 + rho * rho), covariance = -rho * noise;
  if (covariance == 0) return {0, std::sqrt(variance)};
  // theta + 1 / theta = variance / covariance; of the two roots the one within the unit circle.
  const double half = variance / (2 * covariance);
  const double theta = 1 / (half - std::sqrt(half * half - 1));
  return {theta, std::sqrt(covariance / theta)};
}

}  // namespace

GaussianStream::GaussianStream(const GaussianLaw& law, std::string_view channel, std::uint64_t seed,
                               std::uint64_t restart)
    : words_(std::string(channel) + "/gaussian", seed, restart),
      converter_(law.converter),
      memory_(static_cast<float>(law.memory)),
      unit_(static_cast<float>(1 / law.converter.step)),
      centre_(static_cast<float>((law.mean - law.converter.lowest) / law.converter.step)) {
  const OneNoise by = one_noise(law);
  theta_ = static_cast<float>(by.theta);
  drive_ = static_cast<float>(by.drive);
  // As if it had run for ever: M and u of one moment have covariance drive^2, and eight steps make eight samples.
  Dice dice(Keystream(std::string(channel) + "/gaussian/start", seed, restart));
  double u = by.drive * dice.normal();
  double m = u + std::sqrt(std::max(0.0, 1 + law.noise * law.noise - by.drive * by.drive)) * dice.normal();
  for (std::size_t i = 0; i < ahead; ++i) {
    const double next = by.drive * dice.normal();
    const double v = next + by.theta * u;
    m = law.memory * m + v;
    past_[i] = static_cast<float>(m);
    driven_[i] = static_cast<float>(v);
    u = next;
  }
  last_ = static_cast<float>(u);
}

void GaussianStream::next_block() {
  alignas(64) std::array<std::uint32_t, block> words;
  alignas(64) std::array<float, block> normals;
  alignas(64) std::array<float, block + ahead> u, v, two, four, m;
  words_.fill(words);
  box_muller_kernel(words.data(), normals.data());
  u[0] = last_;
  std::copy(driven_.begin(), driven_.end(), v.begin());
  drive_kernel(normals.data(), drive_, theta_, u.data(), v.data());
  window_kernel(v.data(), memory_, two.data(), four.data(), m.data() + ahead);
  const float memory2 = memory_ * memory_, memory4 = memory2 * memory2;
  std::copy(past_.begin(), past_.end(), m.begin());
  recursion_kernel(m.data(), memory4 * memory4);
  std::copy(m.end() - ahead, m.end(), past_.begin());
  convert_kernel(m.data() + ahead, unit_, centre_, static_cast<float>(converter_.codes() - 1), codes_.data());
  last_ = u[block];
  std::copy(v.end() - ahead, v.end(), driven_.begin());
  used_ = 0;
}

template <typename Code>
void GaussianStream::hand_out(std::span<Code> codes) {
  while (!codes.empty()) {
    if (used_ == block) next_block();
    const std::size_t part = std::min(codes.size(), block - used_);
    for (std::size_t i = 0; i < part; ++i)
      codes[i] = static_cast<Code>(codes_[used_ + i]);
    used_ += part;
    codes = codes.subspan(part);
  }
}

void GaussianStream::draw(std::span<std::uint8_t> codes) {
  hand_out(codes);
}

void GaussianStream::draw(std::span<std::uint16_t> codes) {
  hand_out(codes);
}

void box_muller(std::span<const std::uint32_t, GaussianStream::block> words,
                std::span<float, GaussianStream::block> normals) {
  box_muller_kernel(words.data(), normals.data());
}

}  // namespace lightseed::simulated
