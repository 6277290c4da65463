// SPDX-License-Identifier: Apache-2.0
#include "driver/plain/command_source.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/child_signals.h"
#include "core/error.h"
#include "driver/plain/stated_format.h"

extern char** environ;

namespace lightseed {
namespace {

using namespace std::chrono_literals;

/// Our environment without what tells OpenSSL to load code and settings of somebody's choice: that is nobody's business
/// in a program whose output becomes keys.
std::vector<char*> clean_environment() {
  std::vector<char*> kept;
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!std::string_view(*entry).starts_with("OPENSSL_")) kept.push_back(*entry);
  kept.push_back(nullptr);
  return kept;
}

class CommandSource final : public Source {
 public:
  explicit CommandSource(SourceUri uri) : line_(uri.path()) {
    info_.uri = uri.text();
    info_.driver = "command:";
    info_.model = "output of a command";
    info_.provenance = Provenance::recorded;
    take_stated_samples(uri, info_);
    info_.parameters["command"] = line_;
  }

  ~CommandSource() override { stop(); }
  CommandSource(const CommandSource&) = delete;
  CommandSource& operator=(const CommandSource&) = delete;

  [[nodiscard]] const SourceInfo& info() const noexcept override { return info_; }

  void start(const Patience&) override {
    stop();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("start", line_, errno);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    // A process group of its own, so that stop() ends whatever the line started.
    const ChildSignals signals(POSIX_SPAWN_SETPGROUP);
    std::string shell = "sh", option = "-c", line = line_;
    std::array<char*, 4> arguments{shell.data(), option.data(), line.data(), nullptr};
    std::vector<char*> environment = clean_environment();
    const int error =
        ::posix_spawn(&child_, "/bin/sh", &actions, signals.attributes(), arguments.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    pipe_ = ends[0];
    if (error == 0) return;
    child_ = -1;
    stop();
    throw system_error("start", line_, error);
  }

  [[nodiscard]] Read read(std::span<std::byte> out, const Patience& patience) override {
    if (child_ < 0) return {0, ReadState::fault, "not running"};
    const std::size_t container = info_.format.container_bits == 16 ? 2 : 1;
    std::size_t got = 0;
    if (odd_ && !out.empty()) out[got++] = *std::exchange(odd_, std::nullopt);
    Read result;
    while (got < out.size()) {
      if (!wait(patience)) {
        result = patience.stopped() ? Read{0, ReadState::stopped, "asked to stop"}
                                    : Read{0, ReadState::timeout, line_ + ": no output in time"};
        break;
      }
      const ssize_t part = ::read(pipe_, out.data() + got, out.size() - got);
      if (part < 0 && errno == EINTR) continue;
      if (part <= 0) {
        result = ended();
        break;
      }
      got += static_cast<std::size_t>(part);
    }
    if (result.state == ReadState::disconnected) return result;
    if (got % container != 0) odd_ = out[--got];
    result.bytes = got;
    return result;
  }

  void stop() noexcept override {
    odd_.reset();
    if (pipe_ >= 0) ::close(std::exchange(pipe_, -1));
    if (child_ <= 0) return;
    ::kill(-child_, SIGTERM);
    for (int i = 0; i < 50 && ::waitpid(child_, nullptr, WNOHANG) == 0; ++i) {
      std::this_thread::sleep_for(10ms);
      if (i == 48) ::kill(-child_, SIGKILL);
    }
    child_ = -1;
  }

 private:
  std::string line_;
  SourceInfo info_;
  pid_t child_ = -1;
  int pipe_ = -1;
  std::optional<std::byte> odd_;  ///< half a sample, kept for the next read

  [[nodiscard]] bool wait(const Patience& patience) const {
    while (!patience.stopped()) {
      pollfd event{pipe_, POLLIN, 0};
      if (::poll(&event, 1, 20) > 0) return true;
      if (patience.expired()) return false;
    }
    return false;
  }

  /// How the command ended decides what its end means.
  Read ended() {
    int status = 0;
    bool gone = false;
    for (int i = 0; i < 100 && !gone; ++i) {
      gone = ::waitpid(child_, &status, WNOHANG) == child_;
      if (!gone) std::this_thread::sleep_for(10ms);
    }
    if (!gone) return {0, ReadState::disconnected, line_ + ": closed its output and goes on"};
    child_ = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {0, ReadState::end_of_data, line_ + ": ended"};
    return {0, ReadState::disconnected,
            WIFEXITED(status) ? fmt::format("{}: ended with exit code {}", line_, WEXITSTATUS(status))
                              : fmt::format("{}: ended by signal {}", line_, WTERMSIG(status))};
  }
};

}  // namespace

SourceDriver command_driver() {
  return {
      .name = "command:",
      .summary = "what a program writes: command:vendor-tool --stdout?bits=8&entropy=6",
      .list = [] { return std::vector<Listing>{}; },
      .open = [](SourceUri uri) -> std::unique_ptr<Source> { return std::make_unique<CommandSource>(std::move(uri)); }};
}

}  // namespace lightseed
