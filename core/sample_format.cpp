// SPDX-License-Identifier: Apache-2.0
#include "core/sample_format.h"

#include <fmt/format.h>

#include "core/error.h"

namespace lightseed {

void validate(const SampleFormat& format) {
  if (format.bits < 1 || format.bits > 16) {
    throw Error(Category::usage, fmt::format("a sample has 1 to 16 bits, not {}", format.bits));
  }
  const unsigned container = format.container_bits;
  const bool packed = container == format.bits && (container == 1 || container == 2 || container == 4);
  const bool whole = (container == 8 || container == 16) && container >= format.bits;
  if (!packed && !whole) {
    throw Error(Category::usage, fmt::format("{}-bit samples cannot lie in containers of {} bits (packed: 1, 2 or 4; "
                                             "otherwise 8 or 16)",
                                             format.bits, container));
  }
}

void unpack(std::span<const std::byte> in, const SampleFormat& format, std::span<std::uint16_t> out) {
  const std::size_t samples = format.samples_in(in.size());
  const unsigned width = format.container_bits;
  for (std::size_t i = 0; i < samples; ++i) {
    unsigned value = 0;
    if (width == 16) {
      value = std::to_integer<unsigned>(in[2 * i]) | std::to_integer<unsigned>(in[2 * i + 1]) << 8;
    } else {
      const std::size_t first_bit = i * width;
      const unsigned shift = 8 - width - static_cast<unsigned>(first_bit % 8);
      value = (std::to_integer<unsigned>(in[first_bit / 8]) >> shift) & ((1U << width) - 1);
    }
    if (value >> format.bits != 0) {
      throw Error(Category::verdict,
                  fmt::format("sample {} has the value {}, more than {} bits hold: is the sample format right?", i,
                              value, format.bits));
    }
    out[i] = static_cast<std::uint16_t>(value);
  }
}

}  // namespace lightseed
