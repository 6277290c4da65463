// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "core/secret_bytes.h"

namespace lightseed {

/// Gives the passphrase of an encrypted file, whose name it gets: from a file of its own, or from a person. An empty
/// function: there is none, and an encrypted file is refused.
using AskPassphrase = std::function<SecretBytes(const std::string& file)>;

}  // namespace lightseed
