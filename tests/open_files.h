// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace lightseed::test {

/// Where the nameless files that this process has open in `directory` can be reached.
inline std::vector<std::filesystem::path> nameless_files_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // the one that reads the directory
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (target.starts_with(directory.string() + "/") && target.ends_with(" (deleted)")) files.push_back(entry.path());
  }
  return files;
}

}  // namespace lightseed::test
