#pragma once

#include <cstddef>
#include <cstdint>

namespace lightseed::additive_fft {

/// Additive FFT over GF(2^16) at all 65536 points: products of polynomials over GF(2) with up to 2^19 bits
/// (docs/extractors.md, "Long blocks"). For AVX-512 with GFNI (Target::vector512) only.
///
/// A spectrum is two planes of 65536 bytes, a0 and a1 of each point, in an order of its own: 131072 bytes, aligned to
/// 64. Products of spectra point by point are products of polynomials modulo y^65536 + y in y = z^8.

constexpr std::size_t points = 65536;
constexpr std::size_t spectrum_bytes = 2 * points;
constexpr std::size_t input_bytes = points / 2;

/// Constants of the transform, made once.
struct Tables;
const Tables& tables();

/// Spectrum of 65536 bytes; `bytes` is used as working memory. `scratch`: 16384 bytes.
void transform_all(const Tables& tables, std::uint8_t* bytes, std::uint8_t* spectrum, std::uint8_t* scratch);

/// Spectrum of 32768 bytes, the upper half of the polynomial being zero; otherwise as above.
void transform_half(const Tables& tables, std::uint8_t* bytes, std::uint8_t* spectrum, std::uint8_t* scratch);

/// sum += a * b, point by point.
void accumulate(const Tables& tables, const std::uint8_t* a, const std::uint8_t* b, std::uint8_t* sum);

/// XORs bytes 32768 … 65535 of the product with the spectrum onto `out` (32768 bytes). Destroys the spectrum.
void inverse_upper_half(const Tables& tables, std::uint8_t* spectrum, std::uint8_t* out, std::uint8_t* scratch);

}  // namespace lightseed::additive_fft
