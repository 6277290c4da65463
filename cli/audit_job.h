// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/report_file.h"
#include "cli/source_html.h"
#include "evidence/audit_record.h"
#include "stats/audit/audit.h"

namespace lightseed::cli {

/// What `lightseed audit` was asked to do, whatever it is done to.
struct AuditJob {
  stats::AuditOptions options;
  std::optional<std::uint64_t> most_bytes{};  ///< --sequences, or what the suites' plans take
  bool must_have_them = false;                ///< --sequences: less is an error
  std::string typed{};                        ///< options on which the numbers depend, as they were given

  /// Throws Error(usage).
  explicit AuditJob(const Context& context);
};

/// Refuses options that have no meaning for what is audited: `why` says what that is. Throws Error(usage).
void refuse_options(const Context& context, std::span<const char* const> options, const std::string& why);

/// Where the reports go; two cannot go to one place.
class AuditReports {
 public:
  /// Opened before the work. Throws Error(usage), and Error(io) for a name that is taken.
  explicit AuditReports(const Context& context);

  /// Writes and prints them all, with what is known of the source if the bits are one's; returns the exit code of the
  /// verdict.
  int put(const AuditRecord& record, const std::string& typed, std::span<const std::byte> first_bytes = {},
          const AuditedSource* source = nullptr);

 private:
  const Context& context_;
  ReportFile markdown_;
  ReportFile page_;
};

/// The first bytes of the stream, as many as a page shows, where --bit-image wants them.
class FirstBytes {
 public:
  explicit FirstBytes(const Context& context) : wanted_(context.has("bit-image")) {}
  void keep(std::span<const std::byte> packed);
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

 private:
  bool wanted_;
  std::vector<std::byte> bytes_{};
};

/// Each of these audits one kind of input and returns the exit code.
int audit_file(const Context& context, const std::string& file);
int audit_source(const Context& context, const std::string& uri);
int audit_batch(const Context& context, const std::string& directory);
int audit_shard(const Context& context, const std::string& file);
int merge_shards(const Context& context, const std::vector<std::string>& files);

/// The text is the URI of a source of this build: it begins as one, and a file of that name is written ./NAME.
bool is_source(const Context& context, const std::string& text);

}  // namespace lightseed::cli
