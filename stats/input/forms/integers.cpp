// SPDX-License-Identifier: Apache-2.0
#include "stats/input/forms/fixed_width.h"
#include "stats/input/forms/kinds.h"

/// Numbers with a sign and nothing round them, as programs write arrays of a converter's values. The low byte first,
/// unless said otherwise.
namespace lightseed::stats::sample_forms {

DecoderOwner int8(const InputOptions& options, Head head) {
  return fixed_width(options, head, {.bytes = 1, .with_sign = true});
}

DecoderOwner int16(const InputOptions& options, Head head) {
  return fixed_width(options, head, {.bytes = 2, .with_sign = true, .big_endian = options.big_endian});
}

DecoderOwner int32(const InputOptions& options, Head head) {
  return fixed_width(options, head, {.bytes = 4, .with_sign = true, .big_endian = options.big_endian});
}

}  // namespace lightseed::stats::sample_forms
