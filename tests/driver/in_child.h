// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

namespace lightseed::tests {

/// Runs `action` in a child process and returns what it writes to the descriptor it is given. An action that allocates
/// must be run while this process has no second thread: a lock that one holds would be held in the child for ever.
inline std::string output_of_child(const std::function<void(int)>& action) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    action(ends[1]);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string words;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = ::read(ends[0], part.data(), part.size())) > 0;)
    words.append(part.data(), static_cast<std::size_t>(got));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return words;
}

/// Runs `action` in a child process without root's privileges and returns what it returns; for tests that are root and
/// look at what others are told. Whoever is not root keeps his identity.
inline std::string as_nobody(const std::function<std::string()>& action) {
  return output_of_child([&](int out) {
    constexpr unsigned nobody = 65534;
    std::string words = "cannot drop privileges";
    // A process that changed its identity hides its descriptors from others of that identity; a usual one does not.
    if (::getuid() != 0 || (::setgid(nobody) == 0 && ::setuid(nobody) == 0 && ::prctl(PR_SET_DUMPABLE, 1) == 0)) {
      try {
        words = action();
      } catch (const std::exception& error) {
        words = std::string("unexpected: ") + error.what();
      }
    }
    if (::write(out, words.data(), words.size()) < 0) ::_exit(1);
  });
}

/// What a program prints. No shell comes between: it would get the sanitizer's preloaded runtime, which it cannot bear.
inline std::string output_of(const char* program, std::initializer_list<const char*> arguments) {
  return output_of_child([&](int out) {
    std::vector<char*> argv{const_cast<char*>(program)};
    for (const char* argument : arguments)
      argv.push_back(const_cast<char*>(argument));
    argv.push_back(nullptr);
    ::dup2(out, STDOUT_FILENO);
    ::execv(program, argv.data());
  });
}

}  // namespace lightseed::tests
