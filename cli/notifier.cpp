// SPDX-License-Identifier: Apache-2.0
#include "cli/notifier.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/child_signals.h"

namespace lightseed::cli {

std::string notify(const std::string& program, const std::filesystem::path& file) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  std::string name = program;
  std::string argument = file.string();
  const std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
  const ChildSignals signals;
  pid_t child = 0;
  const int error = posix_spawnp(&child, name.c_str(), &actions, signals.attributes(), arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fmt::format("{} cannot be run: {}", program, std::strerror(error));
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return fmt::format("{} cannot be waited for: {}", program, std::strerror(errno));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return WIFEXITED(status) ? fmt::format("{} ended with exit code {}", program, WEXITSTATUS(status))
                           : fmt::format("{} was ended by signal {}", program, WTERMSIG(status));
}

}  // namespace lightseed::cli
