// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/command.h"
#include "driver/sidecar.h"

namespace lightseed::cli {

/// The side-car of a raw file, when there is one and it is ours: a FILE.json that somebody else wrote is left alone,
/// with a warning. Nothing for stdin. Throws Error(malformed) for one of ours that is damaged.
std::optional<Sidecar> own_sidecar(const Context& context, const std::string& file);

}  // namespace lightseed::cli
