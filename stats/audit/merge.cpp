// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/error.h"
#include "core/version.h"
#include "stats/audit/audit.h"
#include "stats/audit/bit_form.h"

namespace lightseed::stats {
namespace {

/// How `part` is of another audit than `first`; empty: it is not.
std::string difference(const AuditPart& first, const AuditPart& part) {
  const auto differ = [&](const char* what, const auto& a, const auto& b) {
    return a == b ? std::string() : fmt::format("{}: \"{}\" and \"{}\"", what, a, b);
  };
  std::string found = differ("number of shards", first.of, part.of);
  if (found.empty()) found = differ("bytes of the file", first.file_bytes, part.file_bytes);
  if (found.empty()) found = differ("bytes to audit", first.audited_bytes, part.audited_bytes);
  if (found.empty()) found = differ("options", first.options, part.options);
  if (found.empty()) found = differ("profile", first.profile, part.profile);
  if (found.empty()) found = differ("sequence length", first.sequence_bits.value_or(0), part.sequence_bits.value_or(0));
  if (found.empty() && first.suites_wanted != part.suites_wanted) found = "suites";
  if (found.empty()) found = differ("release", first.version, part.version);
  if (found.empty()) found = differ("commit", first.commit, part.commit);
  return found;
}

void require_one_audit(const std::vector<AuditPart>& parts) {
  if (parts.empty()) throw Error(Category::usage, "there are no parts of an audit");
  for (const AuditPart& part : parts) {
    const std::string other = difference(parts.front(), part);
    if (other.empty()) continue;
    throw Error(Category::usage,
                fmt::format("shards {} and {} are of different audits; {}", parts.front().index, part.index, other));
  }
  // The conclusions are drawn here, by this release; its counts must be too.
  const AuditPart& first = parts.front();
  if (first.version != version() || first.commit != commit()) {
    throw Error(Category::usage,
                fmt::format("these shards were audited by release {}, commit {}; this is {}, commit {}", first.version,
                            first.commit, version(), commit()));
  }
}

/// `parts` are in the order of their numbers.
void require_each_once(const std::vector<AuditPart>& parts) {
  std::string missing;
  std::uint64_t next = 1;
  std::size_t named = 0;
  constexpr std::size_t most_named = 10;
  const auto miss = [&](std::uint64_t until) {
    for (; next < until && named < most_named; ++next, ++named)
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", next);
  };
  for (const AuditPart& part : parts) {
    if (part.index < next) throw Error(Category::usage, fmt::format("shard {} is there twice", part.index));
    miss(part.index);
    next = part.index + 1;
  }
  miss(parts.front().of + 1);
  if (missing.empty()) return;
  throw Error(Category::usage, fmt::format("of {} shards {} are here; missing are {}{}", parts.front().of, parts.size(),
                                           missing, named == most_named ? ", …" : ""));
}

/// Each shard must have read what the first one read in the same place.
void require_one_file(const std::vector<AuditPart>& parts, const Audit& audit) {
  const auto& whole = parts.front().whole;
  if (!whole || whole->ranges.size() != parts.size()) {
    throw Error(Category::malformed, "shard 1 does not hold the digests of every shard's range");
  }
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const AuditPart& part = parts[k];
    const ByteRange range = audit.range_of({.index = part.index, .of = part.of}, part.audited_bytes);
    if (part.range.at != range.at || part.range.bytes != range.bytes) {
      throw Error(Category::malformed,
                  fmt::format("shard {} says it read bytes {} to {}; its share is {} to {}", part.index, part.range.at,
                              part.range.at + part.range.bytes, range.at, range.at + range.bytes));
    }
    if (part.range.sha256 != whole->ranges[k]) {
      throw Error(Category::usage,
                  fmt::format("shard {} read other bytes than shard 1 saw in their place: the file was "
                              "another one, or changed",
                              part.index));
    }
  }
}

}  // namespace

AuditRecord merge(std::vector<AuditPart> parts) {
  require_one_audit(parts);
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  require_each_once(parts);
  const AuditPart& first = parts.front();
  Audit audit({.suites = first.suites_wanted, .profile = first.profile, .sequence_bits = first.sequence_bits});
  require_one_file(parts, audit);
  for (const AuditPart& part : parts)
    audit.append(part.suites, part.index == 1 ? first.audited_bytes : 0);
  AuditRecord record = audit.finish();
  record.file = first.file;
  record.form = name_of(BitForm::packed);
  record.sha256 = first.whole->sha256;
  record.bytes = first.audited_bytes;
  record.whole = first.audited_bytes == first.file_bytes;
  return record;
}

}  // namespace lightseed::stats
