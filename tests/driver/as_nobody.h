#pragma once

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>

namespace lightseed::tests {

/// Runs `action` in a child process without root's privileges and returns what it returns; for tests that are root and
/// look at what others are told. Whoever is not root keeps his identity.
inline std::string as_nobody(const std::function<std::string()>& action) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
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
    const ssize_t put = ::write(ends[1], words.data(), words.size());
    ::_exit(put < 0 ? 1 : 0);
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

}  // namespace lightseed::tests
