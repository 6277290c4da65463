// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightseed {

/// How raw samples lie in a byte stream.
///
/// A sample of `bits` (1–16) bits sits in a container of `container_bits`:
///   container_bits == bits < 8   packed, several samples a byte, most significant bits first
///   container_bits == 8          one sample a byte, in its low bits
///   container_bits == 16         one sample in two bytes, little-endian, in its low bits
struct SampleFormat {
  unsigned bits = 8;
  unsigned container_bits = 8;

  /// Samples in `bytes` whole bytes; a trailing incomplete container does not count.
  [[nodiscard]] std::size_t samples_in(std::size_t bytes) const noexcept { return bytes * 8 / container_bits; }
  /// Bytes that hold `samples`, rounded up.
  [[nodiscard]] std::size_t bytes_for(std::size_t samples) const noexcept { return (samples * container_bits + 7) / 8; }
  /// One byte is one sample: kernels may read the bytes as they are.
  [[nodiscard]] bool is_bytewise() const noexcept { return container_bits == 8; }

  friend bool operator==(const SampleFormat&, const SampleFormat&) = default;
};

/// Checks the rules above. Throws Error(usage) that says which is broken.
void validate(const SampleFormat& format);

/// Unpacks samples into one 16-bit word each. `out` holds format.samples_in(in.size()) words.
/// Throws Error(verdict) when a sample is larger than `bits` allow, naming its index.
void unpack(std::span<const std::byte> in, const SampleFormat& format, std::span<std::uint16_t> out);

}  // namespace lightseed
