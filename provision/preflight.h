// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "provision/issue.h"

namespace lightseed {

/// What can be found wrong before a device is touched: every step that will be taken at the end is tried at the begin.

/// Sizes in range, every required outlet with a recipient of its own. Throws Error(usage), Error(refused).
void require_sane(const IssueRequest& request);

/// One key signed and encrypted for each recipient, into nothing. Throws what the container does.
void try_container(const IssueRequest& request);

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

/// Removes what a run that was killed left of its reservation; that of a living one stays.
void remove_reservation(const std::filesystem::path& target) noexcept;

}  // namespace lightseed
