// SPDX-License-Identifier: Apache-2.0
#include "cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "cli/printable.h"

namespace lightseed::cli {

Console::WordBuffer::WordBuffer(Console& console, std::ostream& target, bool colour)
    : console_(&console), target_(&target), colour_(colour) {}

void Console::WordBuffer::hand_on(std::size_t bytes) {
  if (bytes == 0) return;
  console_->clear_status();
  const std::string text = printable_lines(std::string_view(waiting_).substr(0, bytes));
  waiting_.erase(0, bytes);
  target_->write(text.data(), static_cast<std::streamsize>(text.size()));
}

Console::WordBuffer::int_type Console::WordBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  waiting_ += traits_type::to_char_type(c);
  if (waiting_.back() == '\n') hand_on(waiting_.size());
  return c;
}

std::streamsize Console::WordBuffer::xsputn(const char* text, std::streamsize size) {
  waiting_.append(text, static_cast<std::size_t>(size));
  const std::size_t last = waiting_.rfind('\n');
  if (last != std::string::npos) hand_on(last + 1);
  return size;
}

int Console::WordBuffer::sync() {
  hand_on(waiting_.size());
  target_->flush();
  return 0;
}

void Console::WordBuffer::write_coloured(Colour colour, std::string_view word) {
  hand_on(waiting_.size());
  const std::string_view begin = !colour_                 ? ""
                                 : colour == Colour::good ? "\033[1;32m"
                                 : colour == Colour::bad  ? "\033[1;31m"
                                                          : "\033[1;33m";
  console_->clear_status();
  *target_ << begin << printable(word) << (colour_ ? "\033[0m" : "");
}

std::ostream& operator<<(std::ostream& stream, const Coloured& word) {
  if (auto* const words = dynamic_cast<Console::WordBuffer*>(stream.rdbuf())) {
    words->write_coloured(word.colour, word.word);
    return stream;
  }
  return stream << word.word;
}

Console::Console(std::ostream& out, std::ostream& err, Settings settings)
    : settings_(std::move(settings)),
      raw_out_(out),
      raw_err_(err),
      out_buffer_(*this, out, settings_.colour_out),
      err_buffer_(*this, err, settings_.colour_err),
      out_(&out_buffer_),
      err_(&err_buffer_) {
  out_.exceptions(std::ios::badbit);
  // Errors are written line by line as they come.
  err_ << std::unitbuf;
}

Console::~Console() {
  try {
    clear_status();
    out_.flush();
  } catch (const std::exception&) {
    // Whoever wants to know flushes before.
  }
}

std::ostream& Console::bytes() {
  out_.flush();
  return raw_out_;
}

void Console::show_status(std::string_view line) {
  if (!settings_.err_is_terminal || quiet) return;
  // One column stays free: a terminal that wraps at the last one would scroll.
  const std::size_t columns = std::max(settings_.columns(), 2U) - 1;
  const std::string text = printable(line);
  std::size_t end = 0;
  for (std::size_t shown = 0; end < text.size(); ++end) {
    const bool begins_character = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (begins_character && shown++ == columns) break;
  }
  raw_err_ << "\r" << std::string_view(text).substr(0, end) << "\033[K" << std::flush;
  status_shown_ = true;
}

void Console::clear_status() {
  if (!std::exchange(status_shown_, false)) return;
  raw_err_ << "\r\033[K" << std::flush;
}

Console::Settings settings_of_process() {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  const bool colour = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  Console::Settings settings;
  settings.out_is_terminal = isatty(STDOUT_FILENO) != 0;
  settings.err_is_terminal = isatty(STDERR_FILENO) != 0;
  settings.colour_out = colour && settings.out_is_terminal;
  settings.colour_err = colour && settings.err_is_terminal;
  settings.columns = [] {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? unsigned{size.ws_col} : 80U;
  };
  return settings;
}

}  // namespace lightseed::cli
