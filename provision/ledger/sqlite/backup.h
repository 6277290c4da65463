// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "provision/ledger/sqlite/database.h"

namespace lightseed {

/// Makes a file of this name that nobody else can read; false when there is one. Throws Error(io).
bool make_private_file(const std::filesystem::path& path);

/// Copies a database into a new file that appears whole; `to` is absolute. Throws Error(io), also when the file exists.
void back_up_database(Database& database, const std::filesystem::path& to);

}  // namespace lightseed
