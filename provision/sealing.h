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

/// The headers of a file's blocks, with ids and salts of their own. The salts are wiped in the end.
class DrawnHeaders {
 public:
  explicit DrawnHeaders(std::span<const OrderLine> lines);
  DrawnHeaders(DrawnHeaders&&) noexcept = default;
  DrawnHeaders& operator=(DrawnHeaders&&) = delete;
  DrawnHeaders(const DrawnHeaders&) = delete;
  DrawnHeaders& operator=(const DrawnHeaders&) = delete;
  ~DrawnHeaders();

  [[nodiscard]] std::span<const BlockHeader> all() const noexcept { return headers_; }

 private:
  std::vector<BlockHeader> headers_;
};

/// The blocks of one file a side, on their way from the key stream to the outlets.
class FileInMaking {
 public:
  /// A header for each line; no key is made yet. `memory` is that of an earlier file, or none.
  FileInMaking(std::uint64_t number, const std::string& batch, std::vector<OrderLine> lines, DrawnHeaders headers,
               std::uint64_t keys_per_sim, std::size_t key_bytes, SecretBytes memory = {});

  /// Has the keys of each block made in their place, and takes their Merkle leaves. Here and not where files are
  /// sealed: making and sealing then take about the same time.
  void make_keys(const std::function<void(std::span<std::byte> keys)>& make);

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::span<const OrderLine> lines() const noexcept { return lines_; }
  [[nodiscard]] std::span<const BlockHeader> headers() const noexcept { return headers_.all(); }
  /// Of the blocks whose keys are made.
  [[nodiscard]] std::span<const Sha256Digest> leaves() const noexcept { return leaves_; }
  [[nodiscard]] KeyPackage& package() noexcept { return package_; }

 private:
  std::uint64_t number_;
  std::vector<OrderLine> lines_;
  DrawnHeaders headers_;
  KeyPackage package_;
  std::vector<Sha256Digest> leaves_;
};

/// Seals files whose keys are made: looks for equal keys, signs, and writes each outlet's file into the staging
/// directory.
class Sealer {
 public:
  /// `request` must outlive it.
  Sealer(const IssueRequest& request, std::string batch, std::filesystem::path staging);

  /// What it writes gets its names later, when the disk has taken it. Throws Error(health) for equal keys, before any
  /// of them is sealed; Error(io), also for a file before this one; Error(crypto).
  void seal(FileInMaking& file);

  /// Waits until the last files have their names. Throws Error(io).
  void finish();

  /// Waits as well, for whoever gives up: what is still being named would appear behind their back.
  void settle() const noexcept;

  /// In the order they were sealed in.
  [[nodiscard]] const std::vector<Sha256Digest>& leaves() const noexcept { return leaves_; }
  [[nodiscard]] const std::vector<KeyFile>& files() const noexcept { return files_; }

 private:
  const IssueRequest& request_;
  std::string batch_;
  std::filesystem::path staging_;
  DuplicateScan duplicates_;
  std::vector<Sha256Digest> leaves_;
  std::vector<KeyFile> files_;
  std::vector<std::unique_ptr<AtomicFile>> nameless_;  ///< written, and on their way to the disk
  std::future<void> naming_;                           ///< waits for the disk, then names them

  void require_different_keys(FileInMaking& file);
  void name_behind();
};

/// Seals one file while its caller makes the keys of the next: making and sealing take about the same time, and share
/// nothing but the file that is handed over.
class SealingBehind {
 public:
  explicit SealingBehind(Sealer& sealer) : sealer_(sealer) {}
  /// When nothing is written any more.
  ~SealingBehind();
  SealingBehind(const SealingBehind&) = delete;
  SealingBehind& operator=(const SealingBehind&) = delete;

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
