// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "provision/ledger/ledger.h"

namespace lightseed {

/// Where a batch's files are made, and how they get to where they are wanted.
///
/// A batch is made in the hidden directory .NAME.BATCH beside its target NAME and gets that name in one step. A
/// directory holds a marker that says which batch of which ledger it is. Whoever cleans up after a crash looks for all
/// of it – the name that follows from target and batch, a directory of our own that is no link, the marker – and
/// removes only files whose names the batch can have made: a row of a ledger is not believed when it comes to deleting.

/// The name follows from target and batch. Throws Error(refused) when the target is no absolute path without "..", or
/// the batch's id is no UUID.
std::filesystem::path staging_path(const std::filesystem::path& target, const std::string& batch);

/// Makes the directory (0700) with its marker. Throws Error(io).
void make_staging(const std::filesystem::path& staging, const std::string& batch, const std::string& ledger_id);

/// Removes a batch's unfinished files and the directory. Nothing when all is gone or never was; otherwise why
/// something is left, as a sentence.
std::optional<std::string> remove_staging(const std::filesystem::path& staging, const std::string& batch,
                                          const std::string& ledger_id);

/// The directory is there, ours, and holds the certificate with this SHA-256 (hexadecimal).
bool is_finished_staging(const std::filesystem::path& staging, const std::string& batch,
                         const std::string& certificate_sha256);

/// Files are on the disk under their hidden names. Throws Error(io).
void sync_staging(const std::filesystem::path& staging);

/// Gives the files of an ISSUED batch their place. Throws Error(io) that says where they are and what to do.
void publish_staging(const std::filesystem::path& staging, const BatchRecord& batch);

/// What keeps a batch from appearing at `target`: names in it other than the litter that desktops leave. Throws
/// Error(io) when it is no directory.
std::vector<std::string> names_in_the_way(const std::filesystem::path& target);

/// A file that file managers write into every directory they show: .DS_Store, Thumbs.db, …
bool is_desktop_litter(std::string_view name) noexcept;

}  // namespace lightseed
