// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/audit_job.h"
#include "cli/exit_code.h"
#include "cli/progress.h"
#include "core/hex.h"
#include "core/provenance.h"
#include "crypto/digest.h"
#include "pipeline/gate_history.h"
#include "pipeline/key_stream.h"
#include "pipeline/measure.h"
#include "pipeline/raw_portrait.h"
#include "stats/audit/bit_form.h"

namespace lightseed::cli {
namespace {

/// A source is audited by what its users get: the bits that `generate` would write, extracted behind the health gate.
/// Raw samples of any honest source fail tests for uniform bits, and `assess` judges those. The bits are made for the
/// audit, and thrown away.

constexpr std::size_t least_part = std::size_t{1} << 10;  ///< bytes at a time
constexpr std::size_t most_part = std::size_t{1} << 18;
constexpr double fast_rate = 1e6;
constexpr std::uint64_t looks = 200;  ///< at the gate, for its history

/// Little of a slow source, so that little is lost with an alarm.
std::size_t part_of(const Source& source, std::uint64_t bytes) {
  const double rate = source.info().nominal_rate;
  if (rate > 0 && rate < fast_rate) return least_part;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(bytes / looks, least_part, most_part));
}

/// What ends the flow and leaves a report on what came before.
bool leaves_a_report(Category category) {
  return category == Category::health || category == Category::device || category == Category::not_enough_data;
}

/// Why the flow ended before its time, and what the process says of it.
struct EarlyEnd {
  Category category;
  std::string words;
};

/// Bits of the source into the audit, as many as are wanted or come.
class SourceAudit {
 public:
  SourceAudit(const Context& context, const AuditJob& job, Source& source)
      : context_(context), job_(job), audit_(job.options), first_(context), source_(source) {}

  std::optional<EarlyEnd> run(KeyStream& keys) {
    std::vector<std::byte> part(part_of(source_, *job_.most_bytes));
    history_.note(keys.gate());
    Progress progress(context_.console, "auditing");
    while (done_ < *job_.most_bytes) {
      const auto wanted = std::span(part).first(std::min<std::uint64_t>(part.size(), *job_.most_bytes - done_));
      try {
        keys.fill(wanted, {.stop = context_.stop});
        history_.note(keys.gate());
      } catch (const Error& error) {
        history_.note(keys.gate());
        if (!leaves_a_report(error.category()) || done_ == 0) throw;
        return EarlyEnd{error.category(), error.what()};
      }
      audit_.add(wanted);
      digest_.update(wanted);
      first_.keep(wanted);
      done_ += wanted.size();
      progress.show(done_, *job_.most_bytes, "bytes");
    }
    return std::nullopt;
  }

  AuditRecord record(const std::optional<EarlyEnd>& early) {
    AuditRecord record = audit_.finish();
    const SourceInfo& info = source_.info();
    record.file = info.uri;
    record.subject = {.kind = "source",
                      .words = fmt::format("output of the source ({}), extracted behind its health gate as `lightseed "
                                           "generate` does; not its raw samples",
                                           name_of(info.provenance))};
    record.form = name_of(stats::BitForm::packed);
    record.sha256 = hex(digest_.digest());
    record.bytes = done_;
    if (early) {
      record.ended = fmt::format("ended after {} of {} bits: {}", done_ * 8, *job_.most_bytes * 8, early->words);
    }
    return record;
  }

  [[nodiscard]] const GateHistory& history() const noexcept { return history_; }
  [[nodiscard]] std::span<const std::byte> first_bytes() const noexcept { return first_.bytes(); }

 private:
  const Context& context_;
  const AuditJob& job_;
  stats::Audit audit_;
  Sha256 digest_{};
  FirstBytes first_;
  GateHistory history_{};
  Source& source_;
  std::uint64_t done_ = 0;
};

}  // namespace

int audit_source(const Context& context, const std::string& uri) {
  constexpr const char* of_files[] = {"form"};
  refuse_options(context, of_files, "a source's output is packed bits");
  const AuditJob job(context);
  if (!job.most_bytes) {
    throw Error(Category::usage, fmt::format("{} has no end: say how much to audit with --sequences N; a sequence is "
                                             "1M bits unless --sequence-bits says so",
                                             uri));
  }
  AuditReports reports(context);
  const auto source = context.sources.open(uri);
  const Patience patience{.stop = context.stop};
  std::optional<Progress> tested(std::in_place, context.console, "testing and assessing the source");
  const auto show = [&](std::string_view, std::uint64_t samples, std::uint64_t wanted) {
    if (tested) tested->show(samples, wanted, "raw samples");
  };
  SourceAudit audit(context, job, *source);
  RawPortrait raw;
  const Assess measure = measure_with({.stop = context.stop});
  const auto look_and_measure = [&](std::span<const std::byte> samples, const SampleFormat& format) {
    raw = raw_portrait_of(samples, *source);
    return measure(samples, format);
  };
  KeyStream keys(
      *source,
      {.bytes = *job.most_bytes, .progress = show, .notice = [&](const std::string& words) { context.warn(words); }},
      look_and_measure, patience);
  tested.reset();
  const auto early = audit.run(keys);
  AuditRecord record = audit.record(early);
  if (early) context.warn(record.ended);
  const AuditedSource origin{.run = keys.record(), .raw = std::move(raw), .history = audit.history()};
  const int verdict = reports.put(record, job.typed, audit.first_bytes(), &origin);
  if (const auto words = banner(source->info().provenance); !words.empty()) context.warn(std::string(words));
  return early ? exit_code(early->category) : verdict;
}

}  // namespace lightseed::cli
