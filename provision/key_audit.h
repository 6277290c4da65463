// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/provenance.h"
#include "evidence/audit_record.h"
#include "evidence/key_audit_record.h"

namespace lightseed::stats {
class Audit;
}

namespace lightseed {

/// The audit of a batch's own keys, in the order in which they are cut: a check of sanity on what the run is about to
/// seal, and no proof of anything. It is bounded: what takes milliseconds a million bits looks at the first hundred
/// sequences, from 55 on of which SP 800-22 asks its second question too; what is as fast as keys are made looks at
/// all. Left out are ent, which judges nothing, and ais31-2024, which takes as long as all others together.
///
/// These amounts and suites are what "lightseed/key-audit/v1" means. Batches that carry such a record are audited
/// again for ever, so another plan, or a test more in one of these suites, is a v2 beside it.
inline constexpr std::uint64_t most_first_bits = 100'000'000;
inline constexpr std::array suites_of_first_bits{"sp800-22", "gmt0005", "ais31-a", "ais31-b", "pooled"};
inline constexpr std::array suites_of_all_bits{"fips140-2"};

/// Both, as they stand in a record.
std::vector<std::string> key_audit_suites();

/// Of so many bits of keys.
std::uint64_t first_bits_of(std::uint64_t bits) noexcept;

/// What it takes, in seconds of one core; for a person who plans, measured on one machine.
double key_audit_seconds(std::uint64_t bits) noexcept;

class KeyAudit {
 public:
  /// `bytes` is how many keys there will be. Throws nothing of its own.
  explicit KeyAudit(std::uint64_t bytes, std::stop_token stop = {});
  ~KeyAudit();
  KeyAudit(const KeyAudit&) = delete;
  KeyAudit& operator=(const KeyAudit&) = delete;

  /// The next keys. They are copied into memory that is not wiped: hold_memory_for_audit() comes first. Throws
  /// Error(interrupted) when stopped.
  void add(std::span<const std::byte> keys);

  struct Result {
    KeyAuditRecord record;
    AuditVerdict verdict;  ///< with its numbers, for whoever issues; they are in no file
  };
  /// Throws Error(interrupted).
  Result finish(const std::string& batch);

 private:
  std::uint64_t bits_;
  std::uint64_t first_left_;  ///< bytes that the suites of the first bits still want
  std::unique_ptr<stats::Audit> first_;
  std::unique_ptr<stats::Audit> all_;
};

/// The worst test and how seldom it is, for a person: "sp800-22 runs, adjusted p 3.1e-09".
std::string worst_of(const AuditVerdict& verdict);

/// An audit spreads keys over many buffers: sequences, transforms, counts. Before the first key comes, all memory of
/// the process is locked; core dumps are main()'s to forbid. When the process ends its pages are wiped by the kernel
/// before anybody else gets them.
///
/// Where the system neither allows that nor goes without swap space, tells `notice`, and throws Error(refused) when the
/// keys are for production and it was not `accepted`.
void hold_memory_for_audit(Provenance provenance, bool accepted, const std::function<void(const std::string&)>& notice);

}  // namespace lightseed
