// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/postgres/statement.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "core/byte_views.h"

namespace lightseed {
namespace {

constexpr unsigned type_text = 25, type_bigint = 20, type_bytea = 17;
constexpr int rows_a_part = 5000;

std::string big_endian(std::int64_t number) {
  std::string bytes(8, '\0');
  auto rest = static_cast<std::uint64_t>(number);
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte, rest >>= 8)
    *byte = static_cast<char>(rest & 0xffU);
  return bytes;
}

std::string_view value_at(const PGresult* result, int row, int column) {
  return {PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column))};
}

/// boolean, smallint, integer and bigint are their bytes, the high one first.
std::int64_t number_of(std::string_view bytes) {
  if (bytes.empty()) return 0;
  std::uint64_t number = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0 && bytes.size() > 1 ? ~0ULL : 0ULL;
  for (const char byte : bytes)
    number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number);
}

std::int64_t changed_by(const PGresult* result) {
  const std::string_view words = PQcmdTuples(const_cast<PGresult*>(result));  // which only reads
  std::int64_t count = 0;
  std::from_chars(words.data(), words.data() + words.size(), count);
  return count;
}

class PostgresStatement final : public Statement::Engine {
 public:
  PostgresStatement(PostgresConnection& connection, std::string_view sql, std::string cursor)
      : connection_(connection), sql_(with_dollar_values(sql)), cursor_(std::move(cursor)) {}

  void bind_text(int index, std::string_view text) override { at(index) = {type_text, std::string(text)}; }
  void bind_number(int index, std::int64_t number) override { at(index) = {type_bigint, big_endian(number)}; }
  void bind_blob(int index, std::span<const std::byte> blob) override {
    at(index) = {type_bytea, std::string(text_of(blob))};
  }

  bool step() override {
    if (result_ == nullptr) {
      start();
    } else if (++row_ >= PQntuples(result_.get()) && !cursor_.empty() && row_ == rows_a_part) {
      fetch();
    }
    if (row_ < PQntuples(result_.get())) return true;
    row_ = PQntuples(result_.get());
    return false;
  }

  std::int64_t run() override {
    const PostgresResult result = connection_.query(sql_, values_);
    reset();
    return changed_by(result.get());
  }

  void reset() override {
    result_.reset();
    values_.clear();
  }

  [[nodiscard]] std::string text(int column) const override {
    return std::string(value_at(shown_ != nullptr ? shown_ : result_.get(), row_, column));
  }
  [[nodiscard]] std::int64_t number(int column) const override {
    return number_of(value_at(shown_ != nullptr ? shown_ : result_.get(), row_, column));
  }

  std::int64_t run_each(std::size_t count, const std::function<void(std::size_t)>& bind,
                        const std::function<void(std::size_t)>& row) override {
    std::int64_t changed = 0;
    const auto values = [&](std::size_t i) -> const std::vector<PostgresValue>& {
      values_.clear();
      bind(i);
      return values_;
    };
    const auto visit = [&](std::size_t i, const PGresult* result) {
      if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) == 0) changed += changed_by(result);
      shown_ = result;
      for (row_ = 0; row_ < PQntuples(result); ++row_)
        row(i);
      shown_ = nullptr;
    };
    try {
      connection_.query_each(sql_, count, values, visit);
    } catch (...) {
      shown_ = nullptr;
      throw;
    }
    reset();
    return changed;
  }

 private:
  PostgresConnection& connection_;
  std::string sql_;
  std::string cursor_;  ///< empty: the whole answer at once
  std::vector<PostgresValue> values_;
  PostgresResult result_;
  const PGresult* shown_ = nullptr;  ///< in run_each()
  int row_ = 0;

  PostgresValue& at(int index) {
    const auto number = static_cast<std::size_t>(index);
    if (values_.size() < number) values_.resize(number);
    return values_[number - 1];
  }

  void start() {
    row_ = 0;
    if (cursor_.empty()) {
      result_ = connection_.query(sql_, values_);
      return;
    }
    (void)connection_.query(fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor_, sql_), values_);
    fetch();
  }

  void fetch() {
    result_ = connection_.query(fmt::format("FETCH {} FROM {}", rows_a_part, cursor_));
    row_ = 0;
  }
};

}  // namespace

std::string with_dollar_values(std::string_view sql) {
  std::string out;
  int count = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') quoted = !quoted;
    if (sql[i] != '?' || quoted) {
      out += sql[i];
      continue;
    }
    out += '$';
    const bool numbered = i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9';
    if (!numbered) out += std::to_string(++count);
  }
  return out;
}

Statement prepare_postgres(PostgresConnection& connection, std::string_view sql) {
  return Statement(std::make_unique<PostgresStatement>(connection, sql, std::string()));
}

Statement prepare_postgres_cursor(PostgresConnection& connection, std::string_view sql, const std::string& cursor) {
  return Statement(std::make_unique<PostgresStatement>(connection, sql, cursor));
}

}  // namespace lightseed
