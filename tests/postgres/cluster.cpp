// SPDX-License-Identifier: Apache-2.0
#include "tests/postgres/cluster.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace lightseed::test {
namespace {

namespace fs = std::filesystem;

/// Debian keeps the server's programs apart from the PATH, by version.
fs::path server_programs() {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
    if (fs::exists(entry.path() / "bin" / "initdb")) found.push_back(entry.path() / "bin");
  if (found.empty()) {
    throw std::runtime_error(
        "the tests of the ledger in PostgreSQL need a server of their own, and /usr/lib/postgresql/*/bin/initdb is "
        "missing: scripts/install-deps --tests brings it");
  }
  std::ranges::sort(found);
  return found.back();
}

/// PostgreSQL does not run as root.
const passwd* server_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) user = getpwnam("nobody");
  if (user == nullptr) throw std::runtime_error("no user for PostgreSQL: neither postgres nor nobody exists");
  return user;
}

/// The call with its rights given up, and to be ended when this process is.
std::vector<std::string> as_server_user(std::vector<std::string> call) {
  std::vector<std::string> whole{"setpriv", "--pdeathsig", "QUIT"};
  if (const passwd* user = server_user(); user != nullptr) {
    for (const std::string& word : {std::string("--reuid"), std::to_string(user->pw_uid), std::string("--regid"),
                                    std::to_string(user->pw_gid), std::string("--clear-groups")})
      whole.push_back(word);
  }
  std::ranges::move(call, std::back_inserter(whole));
  return whole;
}

pid_t spawn(const std::vector<std::string>& call, const fs::path& log) {
  std::vector<char*> words;
  for (const std::string& word : call)
    words.push_back(const_cast<char*>(word.c_str()));  // execvp() does not change them
  words.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process for PostgreSQL");
  if (child > 0) return child;
  const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  dup2(fd, STDOUT_FILENO);
  dup2(fd, STDERR_FILENO);
  if (chdir("/") == 0) execvp(words[0], words.data());
  _exit(127);
}

std::string text_of_file(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Cluster& Cluster::get() {
  static Cluster cluster;
  return cluster;
}

Cluster::Cluster() {
  const fs::path programs = server_programs();
  const fs::path log = scratch_ / "log";
  if (const passwd* user = server_user(); user != nullptr) {
    if (chown(scratch_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("cannot give the scratch directory to PostgreSQL's user");
  }
  setenv("XDG_STATE_HOME", (scratch_ / "state").c_str(), 1);
  unsetenv("STATE_DIRECTORY");
  const pid_t initdb = spawn(as_server_user({programs / "initdb", "-D", scratch_ / "data", "-U", "postgres", "-A",
                                             "trust", "-E", "UTF8", "--no-locale", "--no-sync"}),
                             log);
  int status = 0;
  if (waitpid(initdb, &status, 0) != initdb || status != 0)
    throw std::runtime_error("PostgreSQL's initdb failed: " + text_of_file(log));
  start(programs);
}

void Cluster::start(const fs::path& programs) {
  const fs::path log = scratch_ / "log";
  server_ = spawn(as_server_user({programs / "postgres", "-D", scratch_ / "data", "-k", scratch_.path(), "-c",
                                  "listen_addresses="}),
                  log);
  const std::string address = fmt::format("host={} user=postgres dbname=postgres", scratch_.path().string());
  for (int i = 0; i < 600; ++i) {
    if (PQping(address.c_str()) == PQPING_OK) return;
    int status = 0;
    if (waitpid(server_, &status, WNOHANG) == server_) {
      server_ = 0;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  throw std::runtime_error("PostgreSQL did not start: " + text_of_file(log));
}

Cluster::~Cluster() {
  if (server_ <= 0) return;
  kill(server_, SIGQUIT);  // nothing in it is worth a clean end
  waitpid(server_, nullptr, 0);
}

std::string Cluster::fresh_uri() {
  const std::string schema = fmt::format("ledger_{}", ++schemas_);
  sql("CREATE SCHEMA " + schema);
  return fmt::format("postgresql://postgres@/postgres?host={}&options=-csearch_path%3D{}", scratch_.path().string(),
                     schema);
}

std::string Cluster::as_user(std::string uri, const std::string& user) {
  return uri.replace(uri.find("//postgres@"), 11, "//" + user + "@");
}

std::string Cluster::with_setting(const std::string& uri, const std::string& setting) {
  return uri + "%20-c" + setting;
}

std::string Cluster::schema_of(const std::string& uri) {
  const auto begin = uri.find("%3D") + 3;
  return uri.substr(begin, uri.find_first_of("%&", begin) - begin);
}

std::string Cluster::sql(const std::string& text) {
  const std::string address = fmt::format("host={} user=postgres dbname=postgres", scratch_.path().string());
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(address.c_str()), PQfinish);
  PQsetNoticeReceiver(
      connection.get(), [](void*, const PGresult*) {}, nullptr);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), text.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(text + ": " + PQresultErrorMessage(result.get()));
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string Cluster::sql_in(const std::string& uri, const std::string& text) {
  return sql(fmt::format("SET search_path = {}; {}", schema_of(uri), text));
}

}  // namespace lightseed::test
