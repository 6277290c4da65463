// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "provision/issue.h"

namespace lightseed {

/// What can be found wrong before a device is touched: every step that will be taken at the end is tried at the begin.

/// Sizes in range, every required outlet with a recipient of its own. Throws Error(usage), Error(refused).
void require_sane(const IssueRequest& request);

/// One key signed and encrypted for each recipient, into nothing. Returns how many bytes each one's file would have
/// had, in the order of the request's outlets. Throws what the container does.
std::vector<std::uint64_t> try_container(const IssueRequest& request);

/// What can be seen of that without making anything: the target's parent is a directory one may write to, the target is
/// free and no mount point; the disk has room for the batch. Throws Error(io).
void look_at_place(const IssueRequest& request);

/// What so many blocks take at most in a key file, in bytes, the CMS layers around all of them aside.
std::uint64_t most_bytes_of_blocks(const IssueRequest& request, std::uint64_t blocks);

/// What the batch's files take at most together, in bytes.
std::uint64_t bytes_needed(const IssueRequest& request);

/// What is free in a directory; nothing where that cannot be known.
std::optional<std::uint64_t> bytes_free_in(const std::filesystem::path& directory);

/// Throws Error(io) when `parent`, a directory, has not so much free.
void require_room_for(std::uint64_t bytes, const std::filesystem::path& parent);

/// Beside the target a directory can be made, a file in it can be written and named, and the directory renamed; the
/// target is free and no mount point; the disk has room for the batch. Throws Error(io).
void try_place(const IssueRequest& request);

/// As much memory as the run will need for secrets can be locked. Tells `notice` where it cannot, and throws
/// Error(refused) when the keys would be for production and the request does not accept it.
void try_memory(const IssueRequest& request, Provenance provenance,
                const std::function<void(const std::string&)>& notice);

/// What try_memory() makes of `unlocked` bytes of secrets that could reach swap space.
void judge_memory(std::size_t unlocked, Provenance provenance, bool accepted,
                  const std::function<void(const std::string&)>& notice);

/// Keeps other runs from the same target, also those that issue from another ledger.
class TargetReservation {
 public:
  /// Throws Error(busy) when another run has it, Error(io).
  explicit TargetReservation(const std::filesystem::path& target);
  ~TargetReservation();
  TargetReservation(const TargetReservation&) = delete;
  TargetReservation& operator=(const TargetReservation&) = delete;

 private:
  std::filesystem::path path_;
  int fd_ = -1;
};

/// Throws Error(busy) when another run has reserved the target. Makes nothing.
void require_unreserved(const std::filesystem::path& target);

/// Removes what a run that was killed left of its reservation; that of a living one stays.
void remove_reservation(const std::filesystem::path& target) noexcept;

}  // namespace lightseed
