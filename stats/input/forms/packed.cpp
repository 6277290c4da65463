// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/error.h"
#include "stats/input/forms/bit_groups.h"
#include "stats/input/forms/kinds.h"

/// Samples of cameras and converters that save the idle bits of a 16-bit container.
namespace lightseed::stats::sample_forms {
namespace {

DecoderOwner packed(const InputOptions& options, unsigned bits) {
  if (options.said_bits && *options.said_bits != bits) {
    throw Error(Category::usage,
                fmt::format("packed samples of {} bits have {} bits, not {}", bits, bits, *options.said_bits));
  }
  return bit_groups(bits, options.lsb_first);
}

}  // namespace

DecoderOwner packed10(const InputOptions& options, Head /*head*/) {
  return packed(options, 10);
}
DecoderOwner packed12(const InputOptions& options, Head /*head*/) {
  return packed(options, 12);
}

}  // namespace lightseed::stats::sample_forms
