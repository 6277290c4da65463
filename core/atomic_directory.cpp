// SPDX-License-Identifier: Apache-2.0
#include "core/atomic_directory.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

#include "core/atomic_file.h"
#include "core/error.h"

namespace lightseed {

void publish_directory(const std::filesystem::path& from, const std::filesystem::path& to) {
  sync_directory(from);
  // rename() replaces an empty directory and nothing else.
  if (std::rename(from.c_str(), to.c_str()) != 0) throw system_error("move the finished files to", to.string(), errno);
  sync_directory(to.parent_path());
}

void require_free_directory(const std::filesystem::path& directory) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(directory, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    if (!std::filesystem::is_directory(directory.parent_path(), error)) {
      throw Error(Category::io, fmt::format("{} is no directory; make it first", directory.parent_path().string()));
    }
    return;
  }
  if (status.type() != std::filesystem::file_type::directory || !std::filesystem::is_empty(directory, error) || error) {
    throw Error(Category::io,
                fmt::format("{} exists already and is not an empty directory; choose another one", directory.string()));
  }
}

}  // namespace lightseed
