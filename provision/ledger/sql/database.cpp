// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/sql/database.h"

#include <fmt/format.h>

#include "core/error.h"

namespace lightseed {

std::int64_t SqlDatabase::number(std::string_view sql) {
  Statement query = prepare(sql);
  if (!query.step()) throw Error(Category::io, fmt::format("the ledger's database has no answer to: {}", sql));
  return query.number(0);
}

const char* SqlDatabase::batch_key() const noexcept {
  return schema_ < first_schema_with_batch_numbers ? "id" : "number";
}

std::string SqlDatabase::key_of_batch() const {
  return fmt::format("(SELECT {} FROM batch WHERE id = ?1)", batch_key());
}

std::string SqlDatabase::id_of_batch() const {
  return fmt::format("(SELECT batch.id FROM batch WHERE batch.{} = block.batch)", batch_key());
}

std::string SqlDatabase::is_of_batch() const {
  return fmt::format("block.batch = batch.{}", batch_key());
}

}  // namespace lightseed
