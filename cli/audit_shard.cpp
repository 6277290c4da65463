// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/audit_job.h"
#include "cli/bit_input.h"
#include "cli/numbers.h"
#include "cli/printable.h"
#include "cli/progress.h"
#include "cli/raw_input.h"
#include "core/atomic_file.h"
#include "core/hex.h"
#include "core/version.h"
#include "crypto/digest.h"
#include "evidence/json_text.h"
#include "stats/audit/merge.h"

namespace lightseed::cli {
namespace {

/// A farm of machines audits one file in shards. Each reads the range of bytes that its suites look at, and its digest
/// goes on record. Nobody but shard 1 reads the whole file: it takes the digest of all of it and, in the same pass, of
/// the range of every other shard, so that the merge can tell that all of them saw one and the same file.

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
constexpr std::size_t largest_part = std::size_t{1} << 30;

stats::Shard shard_of(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) {
    throw Error(Category::usage, fmt::format("--shard {}: write 3/8 for the third of eight parts", text));
  }
  const std::uint64_t of = parse_count("shard", text.substr(slash + 1), {.least = 1, .most = most_shards});
  return {.index = parse_count("shard", text.substr(0, slash), {.least = 1, .most = of}), .of = of};
}

/// A digest of some bytes of a stream that comes in pieces.
class RangeDigest {
 public:
  explicit RangeDigest(const stats::ByteRange& range) : range_(range) {}

  void see(std::uint64_t at, std::span<const std::byte> piece) {
    const std::uint64_t end = at + piece.size();
    const std::uint64_t from = std::clamp(range_.at, at, end);
    const std::uint64_t until = std::clamp(range_.at + range_.bytes, at, end);
    if (from < until) digest_.update(piece.subspan(from - at, until - from));
  }
  [[nodiscard]] std::string text() const { return hex(digest_.digest()); }

 private:
  stats::ByteRange range_;
  Sha256 digest_{};
};

/// The whole file's digest and those of all shards' ranges.
class WholeDigests {
 public:
  WholeDigests(const stats::Audit& audit, std::uint64_t shards, std::uint64_t bytes) {
    for (std::uint64_t k = 1; k <= shards; ++k)
      ranges_.emplace_back(audit.range_of({.index = k, .of = shards}, bytes));
  }
  void see(std::uint64_t at, std::span<const std::byte> piece) {
    whole_.update(piece);
    for (RangeDigest& range : ranges_)
      range.see(at, piece);
  }
  [[nodiscard]] AuditWhole record() const {
    AuditWhole whole{.sha256 = hex(whole_.digest())};
    for (const RangeDigest& range : ranges_)
      whole.ranges.push_back(range.text());
    return whole;
  }

 private:
  Sha256 whole_{};
  std::vector<RangeDigest> ranges_{};
};

/// Parts begin at places that are counted in bits, so bits must lie eight a byte.
void require_packed(const Context& context, const std::string& file) {
  std::vector<std::byte> beginning(piece_bytes);
  const RawInput input(file, context.stop);
  beginning.resize(input.read(beginning));
  if (form_of(context, beginning) == stats::BitForm::packed) return;
  throw Error(Category::usage, fmt::format("{} does not hold packed bits, eight a byte: pack them first, or audit the "
                                           "file in one go",
                                           file));
}

std::uint64_t length_of(const RawInput& input, const std::string& file) {
  if (const auto bytes = input.bytes()) return *bytes;
  throw Error(Category::usage, fmt::format("{} is no regular file: only where the length is known is there a third of "
                                           "eight parts",
                                           file));
}

/// Hands on so many bytes from `at` on, piece by piece.
template <typename Take>
void read_range(RawInput& input, const std::string& file, const stats::ByteRange& range, const Take& take) {
  input.seek(range.at);
  std::vector<std::byte> piece(piece_bytes);
  for (std::uint64_t done = 0; done < range.bytes;) {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), range.bytes - done));
    const std::size_t got = input.read(std::span(piece).first(room));
    if (got == 0) throw Error(Category::io, fmt::format("{} became shorter while it was read", file));
    take(range.at + done, std::span<const std::byte>(piece).first(got));
    done += got;
  }
}

AuditPart part_record(const AuditJob& job, const stats::Shard& shard, const std::string& file) {
  AuditPart part;
  part.version = version();
  part.commit = commit();
  part.index = shard.index;
  part.of = shard.of;
  part.file = file;
  part.options = job.typed;
  part.suites_wanted = job.options.suites;
  part.profile = job.options.profile;
  part.sequence_bits = job.options.sequence_bits;
  return part;
}

AuditPart audited(const Context& context, const AuditJob& job, const stats::Shard& shard, const std::string& file) {
  AuditPart part = part_record(job, shard, file);
  RawInput input(file, context.stop);
  part.file_bytes = length_of(input, file);
  part.audited_bytes = job.most_bytes.value_or(part.file_bytes);
  if (!job.must_have_them) part.audited_bytes = std::min(part.audited_bytes, part.file_bytes);
  if (part.file_bytes == 0) throw Error(Category::not_enough_data, fmt::format("{} is empty", file));
  if (part.audited_bytes > part.file_bytes) {
    throw Error(Category::not_enough_data,
                fmt::format("{} holds {} bits; {} were asked for", file, part.file_bytes * 8, part.audited_bytes * 8));
  }
  require_packed(context, file);
  stats::Audit audit(job.options);
  const stats::ByteRange mine = audit.range_of(shard, part.audited_bytes);
  audit.begin(shard, part.audited_bytes);
  const bool reads_all = shard.index == 1;
  const stats::ByteRange range = reads_all ? stats::ByteRange{.bytes = part.audited_bytes} : mine;
  std::optional<WholeDigests> whole;
  if (reads_all) whole.emplace(audit, shard.of, part.audited_bytes);
  RangeDigest own(mine);
  Progress progress(context.console, fmt::format("auditing part {} of {}", shard.index, shard.of));
  read_range(input, file, range, [&](std::uint64_t at, std::span<const std::byte> piece) {
    if (whole) whole->see(at, piece);
    own.see(at, piece);
    // What lies outside the part shard 1 reads for its digest alone.
    const std::uint64_t from = std::clamp(mine.at, at, at + piece.size()) - at;
    const std::uint64_t until = std::clamp(mine.at + mine.bytes, at, at + piece.size()) - at;
    audit.add(piece.subspan(from, until - from));
    progress.show(at + piece.size() - range.at, range.bytes, "bytes");
  });
  part.range = {.at = mine.at, .bytes = mine.bytes, .sha256 = own.text()};
  if (whole) part.whole = whole->record();
  part.suites = audit.part();
  return part;
}

AuditPart read_part(const std::string& file) {
  try {
    return audit_part_from(ObjectReader(
        parse_json(read_text_file(file, largest_part), "the part of an audit", {.bytes = largest_part}), ""));
  } catch (const Error& error) {
    if (error.category() != Category::malformed) throw;
    throw Error(Category::malformed, fmt::format("{}: {}", file, error.what()));
  }
}

}  // namespace

int audit_shard(const Context& context, const std::string& file) {
  constexpr const char* of_the_whole[] = {"report", "markdown", "bit-image", "json"};
  refuse_options(context, of_the_whole, "a part has no verdict; --merge makes the report");
  const stats::Shard shard = shard_of(context.text("shard"));
  if (is_source(context, file) || file == "-") {
    throw Error(Category::usage, fmt::format("{} cannot be read in parts: --shard takes a file", file));
  }
  if (!context.has("output")) throw Error(Category::usage, "--output is missing: where --shard writes its part");
  const AuditJob job(context);
  ReportFile out(context, "output");
  out.write(json_text(to_json(audited(context, job, shard, file)), 1) + "\n");
  context.note(
      fmt::format("part {} of {}: its counts alone say nothing; merge all {}", shard.index, shard.of, shard.of));
  return 0;
}

int merge_shards(const Context& context, const std::vector<std::string>& files) {
  constexpr const char* of_shards[] = {
      "suite",  "profile", "sequence-bits", "sequences", "form",    "bit-image",    "shard",
      "output", "trust",   "recipient-key", "side",      "threads", "second-trust", "require-signature"};
  refuse_options(context, of_shards, "the parts have what was audited, and how");
  AuditReports reports(context);
  std::vector<AuditPart> parts;
  Progress progress(context.console, "merging");
  for (const std::string& file : files) {
    parts.push_back(read_part(file));
    progress.show(parts.size(), files.size(), "parts");
  }
  const std::string typed = parts.front().options;
  return reports.put(stats::merge(std::move(parts)), typed);
}

}  // namespace lightseed::cli
