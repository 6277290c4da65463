// SPDX-License-Identifier: Apache-2.0
#include "provision/notify/command.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/child_signals.h"
#include "core/error.h"

namespace lightseed {
namespace {

/// A file in memory that holds the text, at its begin. A pipe would block whoever writes more than it takes.
int file_with(const std::string& text) {
  const int fd = memfd_create("lightseed message", MFD_CLOEXEC);
  if (fd < 0) throw system_error("make", "a message's file", errno);
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = write(fd, text.data() + at, text.size() - at);
    if (written <= 0) {
      const int error = errno;
      close(fd);
      throw system_error("write", "a message's file", error);
    }
    at += static_cast<std::size_t>(written);
  }
  lseek(fd, 0, SEEK_SET);
  return fd;
}

class CommandNotifier final : public Notifier {
 public:
  explicit CommandNotifier(std::string program) : program_(std::move(program)) {}

  bool deliver(const LedgerMessage& message) override {
    const pid_t child = start(message_text(message) + "\n");
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
      if (errno != EINTR) throw system_error("wait for", program_, errno);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    const std::string how = WIFEXITED(status) ? fmt::format("ended with exit code {}", WEXITSTATUS(status))
                                              : fmt::format("was ended by signal {}", WTERMSIG(status));
    throw Error(Category::busy, fmt::format("{} {} on message {} of event {} ('{}'): mend it, and call again", program_,
                                            how, message.id, message.sequence, message.event));
  }

 private:
  std::string program_;

  [[nodiscard]] pid_t start(const std::string& input) const {
    const int fd = file_with(input);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    const ChildSignals signals;
    std::string name = program_;
    const std::array<char*, 2> arguments{name.data(), nullptr};
    pid_t child = 0;
    const int error = posix_spawnp(&child, name.c_str(), &actions, signals.attributes(), arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(fd);
    if (error == 0) return child;
    // It is being replaced, or the machine is short of something for now.
    const bool passes = error == ETXTBSY || error == EAGAIN || error == ENOMEM;
    throw Error(passes ? Category::busy : Category::io,
                fmt::format("{} cannot be run: {}", program_, std::strerror(error)));
  }
};

}  // namespace

std::unique_ptr<Notifier> open_command_notifier(const std::string& uri) {
  std::string program = uri.substr(uri.find(':') + 1);
  if (program.empty() || program.find('\0') != std::string::npos)
    throw Error(Category::usage, "a command that is told of messages is named as command:PROGRAM");
  // A name without a path is looked for when it is started.
  if (program.find('/') != std::string::npos && access(program.c_str(), X_OK) != 0) {
    const std::string why = std::strerror(errno);
    throw Error(Category::io, fmt::format("{} cannot be run: {}; command: takes a program alone, without arguments: "
                                          "where some are needed, write a script",
                                          program, why));
  }
  return std::make_unique<CommandNotifier>(std::move(program));
}

}  // namespace lightseed
