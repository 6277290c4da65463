// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/atomic_file.h"
#include "crypto/merkle.h"
#include "provision/certificate.h"
#include "provision/duplicate_scan.h"
#include "provision/issue.h"
#include "provision/key_package.h"

namespace lightseed {

/// The blocks of one file a side, on their way from the key stream to the outlets.
class FileInMaking {
 public:
  /// Draws block ids and salts; no key is made yet. `memory` is that of an earlier file, or none.
  FileInMaking(std::uint64_t number, const std::string& batch, std::vector<OrderLine> lines, std::uint64_t keys_per_sim,
               std::size_t key_bytes, SecretBytes memory = {});
  ~FileInMaking();
  FileInMaking(const FileInMaking&) = delete;
  FileInMaking& operator=(const FileInMaking&) = delete;

  /// Has the keys of each block made in their place, and looks for equal ones among those of the file. Here and not
  /// where files are sealed: making and sealing then take about the same time. Throws Error(health) for equal keys,
  /// and what `make` throws.
  void make_keys(const std::function<void(std::span<std::byte> keys)>& make, DuplicateScan& duplicates);

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::span<const OrderLine> lines() const noexcept { return lines_; }
  [[nodiscard]] std::span<const BlockHeader> headers() const noexcept { return headers_; }
  [[nodiscard]] KeyPackage& package() noexcept { return package_; }

 private:
  std::uint64_t number_;
  std::vector<OrderLine> lines_;
  std::vector<BlockHeader> headers_;
  KeyPackage package_;
};

/// Seals files whose keys are made: takes the Merkle leaves, signs, and writes each outlet's file into the staging
/// directory.
class Sealer {
 public:
  /// `request` must outlive it.
  Sealer(const IssueRequest& request, std::string batch, std::filesystem::path staging);

  /// What it writes gets its names with the next call or finish(): the disk takes it meanwhile. Throws Error(io),
  /// Error(crypto).
  void seal(FileInMaking& file);

  /// Gives the last files their names. Throws Error(io).
  void finish();

  /// In the order they were sealed in.
  [[nodiscard]] const std::vector<Sha256Digest>& leaves() const noexcept { return leaves_; }
  [[nodiscard]] const std::vector<KeyFile>& files() const noexcept { return files_; }

 private:
  const IssueRequest& request_;
  std::string batch_;
  std::filesystem::path staging_;
  std::vector<Sha256Digest> leaves_;
  std::vector<KeyFile> files_;
  std::vector<std::unique_ptr<AtomicFile>> nameless_;  ///< written, and on their way to the disk
};

/// Seals one file while its caller makes the keys of the next: making and sealing take about the same time, and share
/// nothing but the file that is handed over.
class SealingBehind {
 public:
  explicit SealingBehind(Sealer& sealer) : sealer_(sealer) {}

  /// Waits for the file before, then seals this one. Throws what sealing that one threw.
  void hand_over(std::unique_ptr<FileInMaking> file);

  /// Waits for the last one, and gives the last files their names. Throws what sealing threw.
  void finish();

  /// The memory of a file that is sealed, for one to come; none before the first.
  [[nodiscard]] SecretBytes take_spare() noexcept { return std::move(spare_); }

 private:
  Sealer& sealer_;
  SecretBytes spare_;
  std::unique_ptr<FileInMaking> file_;  ///< being sealed; outlives `running_`, whose destructor waits
  std::future<void> running_;

  void wait();
};

}  // namespace lightseed
