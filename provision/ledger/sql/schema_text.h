// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace lightseed {

/// The tables of a ledger. One text for all back ends, in the words of SQLite, whose files are compared with it to the
/// letter; the others translate its types.

inline constexpr std::int64_t ledger_schema_version = 6;
inline constexpr std::int64_t oldest_schema_version = 1;
inline constexpr std::int64_t first_schema_with_history = 2;
inline constexpr std::int64_t first_schema_with_allotments = 3;
inline constexpr std::int64_t first_schema_with_lives = 4;
inline constexpr std::int64_t first_schema_with_outbox = 5;
inline constexpr std::int64_t first_schema_with_batch_numbers = 6;

/// What the tables of a schema are made with.
std::string schema_text(std::int64_t version);

/// What adds to the tables of schema `from`, which has a history, those that this version has beside them.
std::string schema_additions(std::int64_t from);

/// Of this version: what makes `batch`, `block` and `delivery`, which are not those of schemas before
/// first_schema_with_batch_numbers.
std::string batch_tables_text();

}  // namespace lightseed
