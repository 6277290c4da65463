// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/address.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "core/error.h"

namespace lightseed {
namespace {

bool is_secret(std::string_view keyword) {
  return keyword == "password" || keyword == "sslpassword";
}

}  // namespace

std::string postgres_name(const std::string& host, const std::string& port, const std::string& database) {
  if (host.starts_with('/'))
    return fmt::format("postgresql:///{}?host={}{}{}", database, host, port.empty() ? "" : "&port=", port);
  return fmt::format("postgresql://{}{}{}/{}", host, port.empty() ? "" : ":", port, database);
}

PostgresAddress postgres_address(const std::string& place) {
  // libpq's own words on a malformed URI repeat it, and with it the password that may be in it.
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      place.starts_with("//") ? PQconninfoParse(("postgresql:" + place).c_str(), nullptr) : nullptr, PQconninfoFree);
  if (options == nullptr) {
    throw Error(Category::usage,
                "the address of a ledger in PostgreSQL is malformed; it has the form "
                "postgresql://USER@HOST:PORT/DATABASE?SETTING=VALUE, and % signs in it are written %25");
  }
  PostgresAddress address;
  std::string host, port, database;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string keyword = option->keyword;
    if (is_secret(keyword)) {
      throw Error(Category::usage,
                  "the address of the ledger has a password in it, which every user of this host can read: leave it "
                  "out and put it into a password file (~/.pgpass with mode 0600, or the one that PGPASSFILE names) or "
                  "a service file; and change it, for it was seen");
    }
    if (keyword == "host" || (keyword == "hostaddr" && host.empty())) host = option->val;
    if (keyword == "port") port = option->val;
    if (keyword == "dbname") database = option->val;
    address.settings.emplace_back(keyword, option->val);
  }
  address.name = postgres_name(host, port, database);
  return address;
}

}  // namespace lightseed
