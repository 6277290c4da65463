// SPDX-License-Identifier: Apache-2.0
#include "cli/console.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "cli/progress.h"
#include "cli/words.h"

namespace lightseed::cli {
namespace {

using namespace std::chrono_literals;

/// A console on two strings, whose clock the test moves.
struct Desk {
  std::ostringstream out, err;
  std::chrono::steady_clock::time_point time{};
  unsigned columns = 80;
  Console console;

  explicit Desk(bool terminal, bool colour = false)
      : console(out, err,
                {.out_is_terminal = terminal,
                 .err_is_terminal = terminal,
                 .colour_out = colour,
                 .colour_err = colour,
                 .columns = [this] { return columns; },
                 .now = [this] { return time; }}) {}
};

TEST_CASE("words are made printable, bytes are not touched") {
  Desk desk(false);
  desk.console.out() << "a\033[2J" << 5 << '\n' << std::flush;
  desk.console.bytes() << "b\033[2J";
  desk.console.err() << "c\xff\n";
  CHECK(desk.out.str() == "a\\x1b[2J5\nb\033[2J");
  CHECK(desk.err.str() == "c\\xff\n");
}

TEST_CASE("a character in pieces stays one") {
  Desk desk(false);
  desk.console.out() << '\xc3' << '\xa4' << '\n' << std::flush;
  CHECK(desk.out.str() == "ä\n");
}

TEST_CASE("verdicts have a colour where the stream shows colours") {
  Desk plain(true, false);
  plain.console.out() << Coloured{Colour::good, "VALID"} << ": yes\n" << std::flush;
  CHECK(plain.out.str() == "VALID: yes\n");
  Desk colourful(true, true);
  colourful.console.out() << "it is " << Coloured{Colour::bad, "INVALID"} << "\n" << std::flush;
  CHECK(colourful.out.str() == "it is \033[1;31mINVALID\033[0m\n");
}

TEST_CASE("progress is one line of any terminal and goes before anything else is written") {
  for (const unsigned columns : {1U, 10U, 40U, 200U}) {
    CAPTURE(columns);
    Desk desk(true);
    desk.columns = columns;
    {
      Progress progress(desk.console, "issuing");
      progress.show(0, 20, "SIMs");
      desk.time += 1s;
      progress.show(10, 20, "SIMs");
      const std::string shown = desk.err.str();
      REQUIRE(shown.starts_with("\r"));
      REQUIRE(shown.ends_with("\033[K"));
      CHECK(shown.size() - 4 <= std::max(columns, 2U) - 1);
      CHECK(shown.find('\n') == std::string::npos);
      CHECK(std::string("\rissuing: 50 %, 1 s left, 10 of 20 SIMs, 10 /s")
                .starts_with(shown.substr(0, shown.size() - 3)));
      desk.console.out() << "words\n" << std::flush;
      CHECK(desk.err.str() == shown + "\r\033[K");
      CHECK(desk.out.str() == "words\n");
      desk.time += 1s;
      progress.show(20, 20, "SIMs");
    }
    CHECK(desk.err.str().ends_with("\r\033[K"));
  }
}

TEST_CASE("progress without a terminal is a plain line every half minute") {
  Desk desk(false);
  Progress progress(desk.console, "verifying");
  for (int second = 0; second < 65; ++second) {
    progress.show(static_cast<std::uint64_t>(second), 130, "files");
    desk.time += 1s;
  }
  CHECK(desk.err.str() ==
        "verifying: 23 %, 100 s left, 30 of 130 files, 1 /s\n"
        "verifying: 46 %, 70 s left, 60 of 130 files, 1 /s\n");
}

TEST_CASE("quiet means no progress") {
  for (const bool terminal : {false, true}) {
    Desk desk(terminal);
    desk.console.quiet = true;
    Progress progress(desk.console, "verifying");
    desk.time += 100s;
    progress.show(1, 2, "files");
    CHECK(desk.err.str().empty());
  }
}

TEST_CASE("one of a thing is no plural") {
  CHECK(counted(1, "SIM") == "1 SIM");
  CHECK(counted(0, "SIM") == "0 SIMs");
  CHECK(counted(2, "value") == "2 values");
}

TEST_CASE("text is wrapped at blanks") {
  CHECK(wrapped("aa bb cc", 5) == "aa bb\ncc");
  CHECK(wrapped("aa bb cc", 7, 2) == "aa bb\n  cc");
  CHECK(wrapped("a\nb", 80) == "a\nb");
  CHECK(wrapped("longerthanaline b", 5) == "longerthanaline\nb");
  CHECK(wrapped("ää öö", 5) == "ää öö");
}

}  // namespace
}  // namespace lightseed::cli
