// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "provision/ledger/postgres/address.h"
#include "provision/ledger/postgres/failure.h"

namespace lightseed {

/// A value of a statement, in PostgreSQL's binary form.
struct PostgresValue {
  unsigned type = 25;  ///< OID: 25 text, 20 bigint, 17 bytea
  std::string bytes;
};

/// One session with a PostgreSQL server, from its opening to its loss.
///
/// A session that is lost is never opened anew: with it the server gave back the issuing lock and undid the open
/// transaction, and whoever went on in another session would go on without both. Every call after that throws. No call
/// waits for ever: the server ends statements that take too long, and where it does not answer at all (its host is
/// gone, it was stopped), the session is given up after a longer time.
class PostgresConnection {
 public:
  /// Throws Error(io) when the server cannot be reached or says no, after 10 s an address unless the address says
  /// otherwise, and Error(refused) for a server that cannot keep a ledger: older than version 13, not UTF-8, without a
  /// schema for this user, or reached through something that shares its sessions among clients.
  explicit PostgresConnection(const PostgresAddress& address);

  /// What sentences call the ledger.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::string user() const;
  /// Neither encrypted nor on this host.
  [[nodiscard]] bool is_open_to_others() const;

  /// One or several statements without values.
  void execute(const std::string& sql);
  /// One statement; rows in binary form.
  PostgresResult query(const std::string& sql, const std::vector<PostgresValue>& values = {});
  /// The statement once for each of `count` sets of values, without waiting in between. What `visit` throws comes out
  /// once the session is ready again.
  void query_each(const std::string& sql, std::size_t count,
                  const std::function<const std::vector<PostgresValue>&(std::size_t)>& values,
                  const std::function<void(std::size_t, const PGresult*)>& visit);

  [[nodiscard]] bool is_lost() const noexcept { return !lost_.empty(); }

 private:
  using Clock = std::chrono::steady_clock;
  struct Close {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
  };
  std::string name_;
  std::unique_ptr<PGconn, Close> connection_;
  std::string lost_;  ///< why the connection is gone; empty while it is there
  Clock::time_point deadline_;

  void require_fit();
  void begin_exchange();
  void require_sent(int sent);
  void flush();
  void wait(short events);
  /// The next result; nothing at the end of a statement's.
  PostgresResult next_result();
  PostgresResult only_result();
  void send_round(const std::string& sql, std::size_t first, std::size_t end,
                  const std::function<const std::vector<PostgresValue>&(std::size_t)>& values);
  void read_round(std::size_t first, const std::function<void(std::size_t, const PGresult*)>& visit);
  [[noreturn]] void give_up(const std::string& why);
};

}  // namespace lightseed
