// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/error.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/postgres/postgres_ledger.h"
#include "provision/ledger/sqlite/restore.h"
#include "provision/ledger/sqlite/sqlite_ledger.h"

namespace lightseed {
namespace {

struct BackEnd {
  std::string_view scheme;
  std::unique_ptr<Ledger> (*open)(const std::string& place, const LedgerAccess& access);
  std::unique_ptr<Ledger> (*rehearse)(const std::string& place, const LedgerAccess& access);
  Restoration (*restore)(const std::filesystem::path& copy, const std::string& place, const LedgerAccess& access);
};

// A new back end is a folder and a row here; the first row takes what has no scheme.
constexpr std::array back_ends{
    BackEnd{"sqlite", open_sqlite_ledger, rehearse_sqlite_ledger, restore_sqlite_ledger},
    BackEnd{"postgresql", open_postgres_ledger, rehearse_postgres_ledger, restore_postgres_ledger},
    BackEnd{"postgres", open_postgres_ledger, rehearse_postgres_ledger, restore_postgres_ledger}};

/// What stands before the first colon, if it has the form of a scheme (RFC 3986 3.1).
std::string_view scheme_of(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view scheme = uri.substr(0, colon);
  const bool good = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
  });
  return good ? scheme : std::string_view();
}

/// Who keeps the ledger of this name, and what is its place there. Throws Error(usage).
std::pair<const BackEnd*, std::string> found_by(const std::string& uri) {
  const std::string_view scheme = scheme_of(uri);
  if (scheme.empty()) return {&back_ends.front(), uri};
  std::string known;
  for (const BackEnd& back_end : back_ends) {
    if (scheme == back_end.scheme) return {&back_end, uri.substr(scheme.size() + 1)};
    known += fmt::format("{}:PLACE, ", back_end.scheme);
  }
  throw Error(Category::usage, fmt::format("no ledger is kept in '{}:' (known: {}or a path; a path with a colon in its "
                                           "name begins with ./)",
                                           scheme, known));  // the rest of it may hold a password
}

}  // namespace

std::unique_ptr<Ledger> open_ledger(const std::string& uri, const LedgerAccess& access) {
  const auto [back_end, place] = found_by(uri);
  return back_end->open(place, access);
}

Restoration restore_ledger(const std::filesystem::path& copy, const std::string& uri, const LedgerAccess& access) {
  const auto [back_end, place] = found_by(uri);
  return back_end->restore(copy, place, access);
}

std::unique_ptr<Ledger> rehearse_ledger(const std::string& uri, const LedgerAccess& access) {
  const auto [back_end, place] = found_by(uri);
  return back_end->rehearse(place, access);
}

}  // namespace lightseed
