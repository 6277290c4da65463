// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stats/input/form.h"

namespace lightseed::stats::sample_forms {

/// Samples of `bits` (1–16) bits one after another without gaps, across the limits of bytes. With lsb_first a sample
/// begins in the low bits of a byte (GenICam's Mono10p and Mono12p), otherwise in the high ones.
std::unique_ptr<FormDecoder> bit_groups(unsigned bits, bool lsb_first);

}  // namespace lightseed::stats::sample_forms
