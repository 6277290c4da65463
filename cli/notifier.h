// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace lightseed::cli {

/// Runs `program FILE`, found as a shell finds it but without a shell, and waits for it. Its stdin is empty and its
/// stdout goes to our stderr. Returns why it did not succeed; nothing where it did.
std::string notify(const std::string& program, const std::filesystem::path& file);

}  // namespace lightseed::cli
