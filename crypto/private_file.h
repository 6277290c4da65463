// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>

#include "core/secret_bytes.h"

namespace lightseed {

/// A file with a secret, read straight into secret memory. Like ssh, it refuses a file that others could have read or
/// exchanged: it must be a regular file of the user who runs this (or of root), with no permission for group and
/// others, in a directory that not everybody may write in. Throws Error(device) when others can get at it, Error(io)
/// when it cannot be read or has more than `largest` bytes.
SecretBytes read_private_file(const std::filesystem::path& path, std::size_t largest);

}  // namespace lightseed
