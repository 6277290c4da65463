// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "provision/certified_batch.h"
#include "provision/key_package.h"

namespace lightseed {

/// A key file on disk against its line in the certificate.

/// Its bytes, when they are the certified ones; nothing when their number or their SHA-256 differs. Throws Error(io).
std::optional<std::string> certified_bytes(const std::filesystem::path& path, const KeyFile& file);

/// What the sentence about such a file says: nobody has to know which of the two differed.
std::string changed_words(const std::filesystem::path& path);

/// Why an opened package is not what the certificate says of its file; nothing when it is.
std::optional<std::string> fault_of_package(const ParsedKeyPackage& package, const KeyFile& file,
                                            const CertifiedBatch& batch);

}  // namespace lightseed
