// SPDX-License-Identifier: Apache-2.0
#include "cli/waiting.h"

#include <fmt/format.h>

#include "core/wait.h"

namespace lightseed::cli {

namespace {

constexpr std::chrono::milliseconds between_tries{500};
constexpr std::chrono::seconds between_lines{30};

}  // namespace

bool Waiting::once_more(const Error& busy) {
  const auto now = context_.console.settings().now();
  if (!began_) began_ = now;
  if (most_ && now - *began_ >= *most_) {
    context_.console.clear_status();
    return false;
  }
  tell(busy.what(), now);
  pause(Patience{.stop = context_.stop}.within(between_tries));
  if (!context_.stop.stop_requested()) return true;
  context_.console.clear_status();
  throw Error(Category::interrupted, fmt::format("interrupted while waiting; nothing was begun ({})", busy.what()));
}

void Waiting::tell(const std::string& why, SteadyClock::time_point now) {
  if (context_.console.quiet) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - *began_).count();
  // The seconds stand first: a narrow terminal cuts the end.
  const std::string line = most_ ? fmt::format("waiting, {} of {} s: {}", seconds, most_->count(), why)
                                 : fmt::format("waiting, {} s: {}", seconds, why);
  if (context_.console.settings().err_is_terminal) {
    context_.console.show_status(line);
  } else if (!told_ || now - *told_ >= between_lines) {
    told_ = now;
    context_.note(line);
  }
}

Option wait_option(const std::string& what) {
  return {
      .name = "wait", .value = "[SECONDS]", .text = what + ", for ever unless told how long; then it is exit code 75"};
}

std::optional<std::chrono::seconds> longest_wait(const Context& context) {
  if (!context.has("wait")) return std::chrono::seconds(0);
  if (context.text("wait").empty()) return std::nullopt;
  return std::chrono::seconds(context.options.count("wait", {0, 100'000'000}));
}

}  // namespace lightseed::cli
