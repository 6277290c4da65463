// SPDX-License-Identifier: Apache-2.0
#include "cli/passphrase.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "cli/printable.h"
#include "core/byte_views.h"
#include "core/write_all.h"
#include "crypto/private_file.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t longest = 1024;

SecretBytes first_of(const SecretBytes& bytes, std::size_t size) {
  SecretBytes result(size);
  std::copy_n(bytes.bytes().begin(), size, result.bytes().begin());
  return result;
}

/// What a text editor puts at the end of a file is no part of the passphrase.
SecretBytes passphrase_from(const std::string& file) {
  const SecretBytes content = read_private_file(file, longest);
  std::size_t size = content.size();
  if (size != 0 && content.data()[size - 1] == std::byte{'\n'}) --size;
  if (size != 0 && content.data()[size - 1] == std::byte{'\r'}) --size;
  if (size == 0) throw Error(Category::malformed, fmt::format("{} is empty, no passphrase", file));
  return first_of(content, size);
}

/// The terminal this process belongs to, without echo as long as this lives.
class QuietTerminal {
 public:
  QuietTerminal() : fd_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (fd_ < 0 || tcgetattr(fd_, &before_) != 0) throw system_error("open", "/dev/tty", errno);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  ~QuietTerminal() {
    if (fd_ < 0) return;
    tcsetattr(fd_, TCSAFLUSH, &before_);
    write("\n");
    close(fd_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  void write(std::string_view text) const {
    (void)write_all(fd_, bytes_of(text));  // who sees no question can answer it all the same
  }

  /// A line, without its end.
  [[nodiscard]] SecretBytes line(const std::stop_token& stop) const {
    SecretBytes typed(longest);
    for (std::size_t size = 0;;) {
      if (stop.stop_requested()) throw Error(Category::interrupted, "interrupted");
      pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      const ssize_t got = ::read(fd_, typed.data() + size, 1);
      if (got < 0 && errno == EINTR) continue;
      const bool over = got <= 0 || typed.data()[size] == std::byte{'\n'} || size + 1 == longest;
      if (over) return first_of(typed, size);
      ++size;
    }
  }

 private:
  int fd_;
  termios before_{};
};

SecretBytes passphrase_of_a_person(const std::string& file, const std::stop_token& stop) {
  const QuietTerminal terminal;
  terminal.write(fmt::format("Passphrase of {}: ", printable(file)));
  return terminal.line(stop);
}

/// A store is opened for its certificate and for its key; a person is asked once.
struct Remembered {
  std::string file;
  SecretBytes passphrase;
};

}  // namespace

Option passphrase_option() {
  return {.name = "passphrase-file",
          .value = "FILE",
          .text = "its passphrase, mode 0600, where the key is encrypted; asked for at a terminal unless told"};
}

AskPassphrase ask_passphrase(const Context& context) {
  if (context.has("passphrase-file")) {
    return [from = context.text("passphrase-file")](const std::string&) { return passphrase_from(from); };
  }
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) return {};
  return [stop = context.stop, known = std::make_shared<Remembered>()](const std::string& file) {
    if (known->file != file) {
      known->passphrase = passphrase_of_a_person(file, stop);
      known->file = file;
    }
    return first_of(known->passphrase, known->passphrase.size());
  };
}

}  // namespace lightseed::cli
