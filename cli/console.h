// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

#include "core/steady_clock.h"

namespace lightseed::cli {

/// The colour of a verdict.
enum class Colour { good, bad, notice };

/// The two streams of a run and what is known of the terminals behind them.
///
/// All words pass through printable_lines() here, once, whoever writes them. A status line (progress) is one line on a
/// terminal; it is cleared before anything else is written, on either stream, because both may be the same terminal.
class Console {
 public:
  struct Settings {
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool colour_out = false;
    bool colour_err = false;
    std::function<unsigned()> columns = [] { return 80U; };  ///< of the terminal, now: it may be resized
    std::function<SteadyClock::time_point()> now = SteadyClock::now;
  };

  Console(std::ostream& out, std::ostream& err, Settings settings);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  std::ostream& out() noexcept { return out_; }  ///< words on stdout
  std::ostream& err() noexcept { return err_; }  ///< words on stderr
  /// stdout without a filter: bytes that were asked for, and JSON.
  std::ostream& bytes();

  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }

  /// No progress and no notes.
  bool quiet = false;

  /// Shows `line` as the status line, cut to the terminal's width. Only where stderr is a terminal.
  void show_status(std::string_view line);
  void clear_status();

 private:
  class WordBuffer;
  friend std::ostream& operator<<(std::ostream& stream, const struct Coloured& word);

  /// A stream of words: collects lines, makes them printable, hands them on.
  class WordBuffer : public std::streambuf {
   public:
    WordBuffer(Console& console, std::ostream& target, bool colour);
    /// Writes a word of our own in colour, where the stream shows colours.
    void write_coloured(Colour colour, std::string_view word);

   protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

   private:
    Console* console_;
    std::ostream* target_;
    bool colour_;
    std::string waiting_;

    void hand_on(std::size_t bytes);
  };

  Settings settings_;
  std::ostream& raw_out_;
  std::ostream& raw_err_;
  bool status_shown_ = false;
  WordBuffer out_buffer_;
  WordBuffer err_buffer_;
  std::ostream out_;
  std::ostream err_;
};

/// `stream << Coloured{Colour::good, "VALID"}`: in colour where the stream is one of a Console that shows colours.
struct Coloured {
  Colour colour;
  std::string_view word;
};
std::ostream& operator<<(std::ostream& stream, const Coloured& word);

/// What is known of this process's terminals. Colours: on a terminal, unless NO_COLOR is set and not empty
/// (no-color.org), or TERM is "dumb".
Console::Settings settings_of_process();

}  // namespace lightseed::cli
