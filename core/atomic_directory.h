// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace lightseed {

/// Gives a finished directory its name in one step, and syncs it: everything in it appears at once or not at all.
/// `to` must not exist, or be an empty directory. Throws Error(io).
void publish_directory(const std::filesystem::path& from, const std::filesystem::path& to);

/// Throws Error(io) when `directory` exists and holds anything, or is no directory, or its parent is missing.
void require_free_directory(const std::filesystem::path& directory);

}  // namespace lightseed
