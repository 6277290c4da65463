// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/failure.h"

#include <fmt/format.h>

#include <string_view>

namespace lightseed {
namespace {

std::string field(const PGresult* result, int code) {
  const char* const words = PQresultErrorField(result, code);
  return words == nullptr ? std::string() : one_line(words);
}

/// Two batches that are made at once may want to give a SIM the same charge; the second takes the next.
bool is_race_for_charge(const PGresult* result, std::string_view state) {
  return state == "23505" && field(result, PG_DIAG_TABLE_NAME) == "block";
}

}  // namespace

std::string one_line(const char* words) {
  std::string line = words == nullptr ? "" : words;
  for (char& c : line)
    if (c == '\n' || c == '\t') c = ' ';
  while (!line.empty() && (line.back() == ' ' || line.back() == '.'))
    line.pop_back();
  return line;
}

void throw_failure(const PGresult* result, const std::string& ledger) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  std::string words = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (words.empty()) words = one_line(PQresultErrorMessage(result));
  if (state == "40001" || state == "40P01" || is_race_for_charge(result, state)) {
    throw Collision(Category::busy,
                    fmt::format("other processes kept changing the ledger {} at the same time ({}); try "
                                "again when they are done",
                                ledger, words));
  }
  if (state == "55P03") {
    throw Error(Category::busy, fmt::format("another process is changing the ledger {} and keeps it locked ({}); try "
                                            "again when it is done",
                                            ledger, words));
  }
  // Tables were there a moment ago: a run that came to nothing takes the ledger that it made with it.
  if (state == "42P01") {
    throw Error(Category::busy, fmt::format("another process made the ledger {} and has just taken it away again ({}); "
                                            "try again",
                                            ledger, words));
  }
  if (state == "42501") {
    throw Error(Category::refused, fmt::format("the database user has not the right to do this in the ledger {}: {}; "
                                               "reading needs SELECT on its tables, issuing INSERT and UPDATE too",
                                               ledger, words));
  }
  if (state == "25006") {
    throw Error(Category::refused, fmt::format("the ledger {} can only be read there ({}): it is a copy or was set to "
                                               "be read; name the server that takes changes",
                                               ledger, words));
  }
  if (state == "22021" || state == "22P05") {
    throw Error(Category::refused, fmt::format("the ledger {} keeps texts in UTF-8, and one is not ({}); a directory "
                                               "with such a name cannot be entered",
                                               ledger, words));
  }
  if (state == "57014") {
    throw Error(Category::io,
                fmt::format("the ledger {} took too long and was stopped ({}); nothing of this change was "
                            "entered",
                            ledger, words));
  }
  if (state == "XX001" || state == "XX002") {
    throw Error(Category::io, fmt::format("the database of the ledger {} is damaged ({}); put it back from the newest "
                                          "copy",
                                          ledger, words));
  }
  throw Error(Category::io, fmt::format("the ledger {} failed: {} (SQLSTATE {})", ledger, words, state));
}

}  // namespace lightseed
