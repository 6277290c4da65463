// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sample_format.h"
#include "driver/source_uri.h"
#include "evidence/source_info.h"

namespace lightseed {

/// What only its user can say of a source that speaks no protocol: takes `bits` (1 to 16, 8 unless told) and
/// `container` (8 or 16 by the bits unless told) from its name. Throws Error(usage).
SampleFormat take_stated_format(SourceUri& uri);

/// The same and `entropy` (0 unless told: no claim), for the format and the claim in `info`; refuses every other
/// parameter. Throws Error(usage).
void take_stated_samples(SourceUri& uri, SourceInfo& info);

}  // namespace lightseed
