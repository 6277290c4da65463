// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sqlite/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "core/atomic_file.h"
#include "core/error.h"

namespace lightseed {

bool make_private_file(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd >= 0) {
    close(fd);
    return true;
  }
  if (errno == EEXIST) return false;
  throw system_error("make", path.string(), errno);
}

void back_up_database(Database& database, const std::filesystem::path& to) {
  const std::string part = to.string() + ".part";
  unlink(part.c_str());  // of a call that was killed here
  if (!make_private_file(part)) throw system_error("make", part, EEXIST);
  try {
    database.back_up_to(part);
    if (const int error = name_hidden_file(part, to); error != 0) throw system_error("make", to.string(), error);
  } catch (...) {
    unlink(part.c_str());
    throw;
  }
  sync_directory(to.parent_path());
}

}  // namespace lightseed
