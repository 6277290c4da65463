// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "cli/audit_job.h"
#include "cli/batch_options.h"
#include "cli/bit_input.h"
#include "cli/passphrase.h"
#include "cli/progress.h"
#include "cli/verbs.h"
#include "stats/audit/suite.h"

namespace lightseed::cli {
namespace {

constexpr const char* batch_options[] = {"trust", "second-trust", "require-signature", "recipient-key", "side"};

std::string names_of_suites() {
  std::string names;
  for (const stats::Suite& suite : stats::suites())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", suite.id);
  return names;
}

void say_form(const Context& context, const BitInput& input, const std::string& file) {
  if (context.has("form") || input.form() == stats::BitForm::packed) return;
  context.warn(fmt::format("{}: taken as {}; --form packed would take its bytes as they are", file,
                           input.form() == stats::BitForm::digits ? "text of the digits 0 and 1" : "one bit a byte"));
}

int run_audit(const Context& context) {
  const auto files = context.options.texts("file");
  if (context.has("merge")) return merge_shards(context, files);
  if (files.size() > 1) {
    throw Error(Category::usage, fmt::format("one input at a time: {} and {}; --merge takes several parts of one audit",
                                             files[0], files[1]));
  }
  const std::string& file = files.front();
  std::error_code ignored;
  if (file != "-" && std::filesystem::is_directory(file, ignored)) return audit_batch(context, file);
  refuse_options(context, batch_options, "it is for the directory of a batch");
  if (context.has("shard")) return audit_shard(context, file);
  constexpr const char* of_shards[] = {"output"};
  refuse_options(context, of_shards, "it is where --shard writes its part");
  return is_source(context, file) ? audit_source(context, file) : audit_file(context, file);
}

/// An option of another verb that this one can do without.
Option optional(Option option) {
  option.required = false;
  return option;
}

}  // namespace

int audit_file(const Context& context, const std::string& file) {
  const AuditJob job(context);
  AuditReports reports(context);
  stats::Audit audit(job.options);
  std::optional<Progress> progress(std::in_place, context.console, "auditing");
  BitInput input(context, file, job.most_bytes,
                 [&progress](std::uint64_t read, std::uint64_t of) { progress->show(read, of, "bytes"); });
  say_form(context, input, file);
  std::uint64_t given = 0;
  FirstBytes first(context);
  for (auto packed = input.next(); !packed.empty(); packed = input.next()) {
    audit.add(packed);
    first.keep(packed);
    given += packed.size();
    progress->show(job.most_bytes ? given : input.read(), job.most_bytes.value_or(input.expected()), "bytes");
  }
  AuditRecord record = audit.finish();
  progress.reset();
  if (job.must_have_them && given < *job.most_bytes) {
    throw Error(Category::not_enough_data,
                fmt::format("{} holds {} bits; {} were asked for", file, given * 8, *job.most_bytes * 8));
  }
  input.describe(record);
  return reports.put(record, job.typed, first.bytes());
}

Command audit_command() {
  Command command{
      .name = "audit",
      .group = "Audit of output",
      .summary = "is this output random enough, by which standard?",
      .description =
          "Runs suites of statistical tests on FILE, or on stdin as -, and gives one verdict over all of them: PASS, "
          "RETEST (exit code 6: fresh data must decide) or FAIL (exit code 1). Each standard's own rule is reported "
          "beside it. Tests that need more data are NOT RUN, and it is said how much they need. Passing proves no "
          "entropy: `lightseed assess` judges raw samples.\n"
          "A source's URI in the place of FILE: its output is audited as `lightseed generate` would give it, extracted "
          "behind the health gate; an alarm ends it with a report of what came before (exit code 5). The directory of "
          "a "
          "batch: the keys of the side that the recipient's key opens; they stay in memory, and the report holds one "
          "number a test.\n"
          "--shard I/N audits one of N parts of a file and writes counts; --merge makes of all N parts the report of "
          "the whole.\n\nSuites: " +
          names_of_suites() + ".",
      .examples = {"lightseed audit random.bin", "lightseed audit /dev/urandom --sequences 100",
                   "lightseed audit random.bin --suite sp800-22 --profile sts-2.1.2 --json",
                   "lightseed audit random.bin --report audit.html", "lightseed audit sim:homodyne --sequences 20",
                   "lightseed audit batch --trust signer.crt \\\n    --recipient-key card.key",
                   "lightseed audit random.bin --shard 2/8 -o part-2.json",
                   "lightseed audit --merge part-*.json --report audit.html"},
      .options = {{.name = "file",
                   .value = "FILE",
                   .text = "bits, or - for stdin; a source's URI; a batch's directory",
                   .required = true,
                   .many = true},
                  {.name = "suite", .value = "LIST", .text = "suites to run: sp800-22,gmt0005; all unless told"},
                  {.name = "profile", .value = "NAME", .text = "constants of a suite: sts-2.1.2, or 2012 of GM/T 0005"},
                  {.name = "sequence-bits", .value = "N", .text = "bits a sequence, a multiple of 8; 1M unless told"},
                  {.name = "sequences", .value = "N", .text = "sequences to take; all unless told"},
                  form_option(),
                  {.name = "report", .value = "FILE", .text = "also the report with plots: a new HTML file"},
                  {.name = "bit-image", .text = "with --report: show the first 16384 bits; the report then holds them"},
                  {.name = "markdown",
                   .value = "FILE",
                   .text = "also the report as Markdown: a new file, or - for stdout"},
                  {.name = "threads", .value = "N", .text = "up to 256; 0: one a core", .fallback = "0"},
                  {.name = "shard", .value = "I/N", .text = "audit part I of N parts of the file, from 1 on"},
                  {.name = "output",
                   .letter = 'o',
                   .value = "FILE",
                   .text = "with --shard: a new file for what the part counted, or - for stdout"},
                  {.name = "merge", .text = "take the parts of all shards instead, in any order"},
                  optional(trust_option()),
                  recipient_key_option(false),
                  passphrase_option(),
                  {.name = "side",
                   .value = "SIDE",
                   .text = "the side to open, where the key opens both",
                   .choices = outlet_names()}},
      .positional = {"file"},
      .run = run_audit};
  add_behind(command.options, "trust", signature_options());
  return command;
}

}  // namespace lightseed::cli
