// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "driver/registry.h"

namespace lightseed {

/// `dev:/dev/hwrng?bits=8&entropy=6` takes what a character device gives as samples: a kernel driver's generator, a
/// vendor's own node. Its provenance is `recorded`: the kernel may have mixed, whitened or replayed what it hands out,
/// and nothing at the node shows which. Serial ports are tty:, files are file:, and a device that gives constants or
/// memory is refused.
SourceDriver dev_driver();

}  // namespace lightseed
