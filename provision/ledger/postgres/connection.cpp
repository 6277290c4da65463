// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/connection.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

namespace lightseed {
namespace {

// The server ends a statement after half an hour (a certificate over ten million SIMs takes some minutes) and gives up
// waiting for a lock after five minutes, as long as SQLite's back end waits. A batch that is made meanwhile outwaits
// the check of a large ledger, rather than be burned. Who dies in the middle of a statement loses it within a second.
constexpr const char* session_settings =
    "SELECT set_config(name, wanted, false) FROM (VALUES ('statement_timeout', '0', '30min'), "
    "('lock_timeout', '0', '5min'), ('idle_in_transaction_session_timeout', '0', '30min'), "
    "('client_connection_check_interval', '0', '1s'), ('synchronous_commit', 'off', 'on')) AS s (name, default_, "
    "wanted) "
    "WHERE current_setting(name, true) = default_";
constexpr auto longest_silence = std::chrono::minutes(35);
constexpr std::size_t values_a_round = 500;

std::string application_name() {
  char host[64] = {};
  if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  // The server keeps 63 bytes.
  return fmt::format("lightseed, pid {} on {}", getpid(), host).substr(0, 63);
}

/// As libpq takes values: pointers to them, their lengths, and that they are binary.
struct Sent {
  std::vector<Oid> types;
  std::vector<const char*> bytes;
  std::vector<int> lengths;
  std::vector<int> formats;

  explicit Sent(const std::vector<PostgresValue>& values) : formats(values.size(), 1) {
    for (const PostgresValue& value : values) {
      types.push_back(value.type);
      bytes.push_back(value.bytes.data());
      lengths.push_back(static_cast<int>(value.bytes.size()));
    }
  }
  [[nodiscard]] int count() const { return static_cast<int>(bytes.size()); }
};

bool is_failure(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_NONFATAL_ERROR;
}

}  // namespace

PostgresConnection::PostgresConnection(const PostgresAddress& address) : name_(address.name) {
  std::vector<std::pair<std::string, std::string>> settings = address.settings;
  const auto unless_given = [&](const char* keyword, const char* value) {
    if (std::ranges::find(settings, keyword, [](const auto& setting) { return setting.first; }) == settings.end())
      settings.emplace_back(keyword, value);
  };
  if (getenv("PGCONNECT_TIMEOUT") == nullptr) unless_given("connect_timeout", "10");
  unless_given("tcp_user_timeout", "60000");
  unless_given("keepalives_idle", "30");
  std::erase_if(settings, [](const auto& s) { return s.first == "application_name" || s.first == "client_encoding"; });
  settings.emplace_back("application_name", application_name());
  settings.emplace_back("client_encoding", "UTF8");
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : settings) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  connection_.reset(PQconnectdbParams(keywords.data(), values.data(), 0));
  if (connection_ == nullptr || PQstatus(connection_.get()) != CONNECTION_OK) {
    throw Error(Category::io,
                fmt::format("the ledger {} cannot be reached: {}", name_, one_line(PQerrorMessage(connection_.get()))));
  }
  name_ = postgres_name(PQhost(connection_.get()), PQport(connection_.get()), PQdb(connection_.get()));
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
  if (PQsetnonblocking(connection_.get(), 1) != 0) give_up("it cannot be read without waiting");
  require_fit();
}

void PostgresConnection::require_fit() {
  const auto refuse = [&](const std::string& why) {
    throw Error(Category::refused, fmt::format("the server of {} cannot keep a ledger: {}", name_, why));
  };
  constexpr int oldest = 130000;
  if (PQserverVersion(connection_.get()) < oldest) refuse("it is older than PostgreSQL 13");
  execute(session_settings);
  const auto text = [&](const char* sql) {
    const PostgresResult result = query(fmt::format("SELECT coalesce(({})::text, '')", sql));
    return std::string(PQgetvalue(result.get(), 0, 0));
  };
  if (text("SELECT current_setting('server_encoding')") != "UTF8")
    refuse("the database is not in UTF-8; make one with ENCODING 'UTF8' TEMPLATE template0");
  // What stands between may give each transaction another session: then locks are held by nobody.
  if (text("SELECT pg_backend_pid()") != std::to_string(PQbackendPID(connection_.get()))) {
    refuse(
        "the address leads to a pooler that shares its sessions among clients, and with them their locks; name the "
        "server itself");
  }
  if (text("SELECT current_schema()").empty()) {
    throw Error(Category::refused, fmt::format("user {} has no schema for a ledger in {}: make one and grant it "
                                               "(CREATE SCHEMA … AUTHORIZATION {})",
                                               user(), name_, user()));
  }
  // The one schema, whatever else the path of the user finds.
  execute("SELECT set_config('search_path', quote_ident(current_schema()), false)");
}

std::string PostgresConnection::user() const {
  return PQuser(connection_.get());
}

bool PostgresConnection::is_open_to_others() const {
  const std::string host = PQhost(connection_.get());
  const bool here = host.starts_with('/') || host.starts_with('@') || host == "localhost" || host == "127.0.0.1" ||
                    host == "::1" || host.empty();
  return !here && PQsslInUse(connection_.get()) == 0;
}

void PostgresConnection::give_up(const std::string& why) {
  lost_ = why;
  throw Error(Category::io, fmt::format("the connection to the ledger {} was lost: {}. What was begun is undone by the "
                                        "server; a change whose end was under way may have been made, and the next run "
                                        "finds out",
                                        name_, why));
}

void PostgresConnection::begin_exchange() {
  if (is_lost()) give_up(std::string(lost_));
  deadline_ = Clock::now() + longest_silence;
}

void PostgresConnection::require_sent(int sent) {
  if (sent != 1) give_up(one_line(PQerrorMessage(connection_.get())));
}

void PostgresConnection::wait(short events) {
  pollfd waiting{.fd = PQsocket(connection_.get()), .events = events, .revents = 0};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    if (left <= 0) give_up("the server does not answer any more");
    const int ready = poll(&waiting, 1, static_cast<int>(left));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) give_up(std::strerror(errno));
  }
}

void PostgresConnection::flush() {
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left == 0) return;
    if (left < 0) give_up(one_line(PQerrorMessage(connection_.get())));
    wait(POLLIN | POLLOUT);
    // The server may wait for us to read before it reads on.
    if (PQconsumeInput(connection_.get()) != 1) give_up(one_line(PQerrorMessage(connection_.get())));
  }
}

PostgresResult PostgresConnection::next_result() {
  while (PQisBusy(connection_.get()) != 0) {
    wait(POLLIN);
    if (PQconsumeInput(connection_.get()) != 1) give_up(one_line(PQerrorMessage(connection_.get())));
  }
  PostgresResult result(PQgetResult(connection_.get()));
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    give_up(one_line(result != nullptr ? PQresultErrorMessage(result.get()) : PQerrorMessage(connection_.get())));
  }
  return result;
}

PostgresResult PostgresConnection::only_result() {
  flush();
  PostgresResult last;
  PostgresResult failed;
  while (PostgresResult result = next_result()) {
    if (is_failure(result.get()) && failed == nullptr) {
      failed = std::move(result);
    } else {
      last = std::move(result);
    }
  }
  if (failed != nullptr) throw_failure(failed.get(), name_);
  return last;
}

void PostgresConnection::execute(const std::string& sql) {
  begin_exchange();
  require_sent(PQsendQuery(connection_.get(), sql.c_str()));
  (void)only_result();
}

PostgresResult PostgresConnection::query(const std::string& sql, const std::vector<PostgresValue>& values) {
  begin_exchange();
  const Sent sent(values);
  require_sent(PQsendQueryParams(connection_.get(), sql.c_str(), sent.count(), sent.types.data(), sent.bytes.data(),
                                 sent.lengths.data(), sent.formats.data(), 1));
  return only_result();
}

// In pipeline mode (PostgreSQL documentation, 34.5) statements are sent one after another, and their results read once
// a round of them is under way. An error ends the round: the server answers the rest of it with "aborted".
void PostgresConnection::query_each(const std::string& sql, std::size_t count,
                                    const std::function<const std::vector<PostgresValue>&(std::size_t)>& values,
                                    const std::function<void(std::size_t, const PGresult*)>& visit) {
  for (std::size_t first = 0; first < count; first += values_a_round) {
    begin_exchange();
    send_round(sql, first, std::min(count, first + values_a_round), values);
    read_round(first, visit);
  }
}

void PostgresConnection::send_round(const std::string& sql, std::size_t first, std::size_t end,
                                    const std::function<const std::vector<PostgresValue>&(std::size_t)>& values) {
  PGconn* const connection = connection_.get();
  require_sent(PQenterPipelineMode(connection));
  for (std::size_t i = first; i < end; ++i) {
    const Sent sent(values(i));
    if (i == 0) require_sent(PQsendPrepare(connection, "", sql.c_str(), sent.count(), sent.types.data()));
    require_sent(PQsendQueryPrepared(connection, "", sent.count(), sent.bytes.data(), sent.lengths.data(),
                                     sent.formats.data(), 1));
  }
  require_sent(PQpipelineSync(connection));
  flush();
}

void PostgresConnection::read_round(std::size_t first, const std::function<void(std::size_t, const PGresult*)>& visit) {
  PostgresResult failed;
  std::exception_ptr thrown;
  bool prepared = first > 0;
  for (std::size_t next = first;;) {
    PostgresResult result = next_result();
    if (result == nullptr) continue;  // the end of one statement's results
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (is_failure(result.get())) {
      failed = std::move(result);
      continue;
    }
    if (failed != nullptr || status == PGRES_PIPELINE_ABORTED) continue;
    if (!std::exchange(prepared, true)) continue;
    try {
      if (thrown == nullptr) visit(next, result.get());
    } catch (...) {
      thrown = std::current_exception();
    }
    ++next;
  }
  if (PQexitPipelineMode(connection_.get()) != 1) give_up(one_line(PQerrorMessage(connection_.get())));
  if (failed != nullptr) throw_failure(failed.get(), name_);
  if (thrown != nullptr) std::rethrow_exception(thrown);
}

}  // namespace lightseed
