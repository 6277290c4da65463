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

}  // namespace lightseed
