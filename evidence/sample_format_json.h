// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/json.h"
#include "core/sample_format.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// `{"bits":8,"container_bits":8,"order":"msb-first"}`
Json to_json(const SampleFormat& format);

/// The inverse. Throws Error(malformed) naming the member.
SampleFormat sample_format_from(ObjectReader reader);

}  // namespace lightseed
