// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "gf2/target.h"
#include "gf2/vector128.h"

namespace lightseed::trevisan {

/// Output bits a batch computes together; alphas and betas are padded to a multiple of it.
constexpr std::size_t batch = 32;

/// One batch: bit i of the result is the parity of p(alpha_i) AND beta_i, p(alpha) = sum_j x_j alpha^j over GF(2^128).
/// Elements are pairs of words, low first: `x` holds `chunks` >= 1 of them, `alpha`, `alpha_up` (alpha z^64) and `beta`
/// 32 each.
using Horner = std::uint32_t (*)(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                                 const std::uint64_t* alpha_up, const std::uint64_t* beta);

Horner horner_for(Target target);

std::uint32_t horner_portable(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                              const std::uint64_t* alpha_up, const std::uint64_t* beta);
#if defined(LIGHTSEED_VECTOR128)
std::uint32_t horner_128(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                         const std::uint64_t* alpha_up, const std::uint64_t* beta);
#endif
#if defined(__x86_64__)
std::uint32_t horner_256(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                         const std::uint64_t* alpha_up, const std::uint64_t* beta);
std::uint32_t horner_512(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                         const std::uint64_t* alpha_up, const std::uint64_t* beta);
#endif

/// The same over GF(2^256) = GF(2)[z] / (z^256 + z^10 + z^5 + z^2 + 1), elements of four words; no alpha z^64.
using HornerWide = std::uint32_t (*)(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                                     const std::uint64_t* beta);

HornerWide horner_wide_for(Target target);

std::uint32_t horner_wide_portable(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                                   const std::uint64_t* beta);
#if defined(LIGHTSEED_VECTOR128)
std::uint32_t horner_wide_128(const std::uint64_t* x, std::size_t chunks, const std::uint64_t* alpha,
                              const std::uint64_t* beta);
#endif

}  // namespace lightseed::trevisan
