// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "cli/audit_job.h"
#include "cli/batch_options.h"
#include "cli/passphrase.h"
#include "cli/progress.h"
#include "core/provenance.h"
#include "provision/key_audit.h"
#include "provision/open_batch.h"
#include "stats/audit/bit_form.h"
#include "stats/audit/secrecy.h"

namespace lightseed::cli {
namespace {

void require_both(const Context& context, const std::string& directory) {
  for (const char* const option : {"trust", "recipient-key"}) {
    if (context.options.given(option)) continue;
    throw Error(Category::usage,
                fmt::format("{} is a directory; a batch is audited with --trust CRT, who sealed it, and "
                            "--recipient-key KEY, whose key opens it",
                            directory));
  }
}

/// What would show bits, or numbers about few of them.
void refuse_disclosure(const Context& context, const AuditJob& job) {
  constexpr const char* of_files[] = {"form", "bit-image", "sequences", "shard", "output"};
  refuse_options(context, of_files, "the keys of a batch are audited whole, and their bits are never shown");
  if (job.options.sequence_bits.value_or(stats::least_secret_bits) < stats::least_secret_bits) {
    throw Error(Category::usage, fmt::format("--sequence-bits: numbers about short sequences of keys would give away "
                                             "some of their bits; {} at least",
                                             stats::least_secret_bits));
  }
  const auto& suites = job.options.suites;
  if (std::find(suites.begin(), suites.end(), "ent") != suites.end()) {
    throw Error(Category::usage, "--suite ent describes bytes; of keys it would say too much");
  }
}

void require_enough(const CertifiedBatch& batch) {
  const auto bytes = batch.all_key_bytes();
  if (!bytes || *bytes >= stats::least_secret_bits / 8) return;
  throw Error(Category::not_enough_data,
              fmt::format("batch {} has {} bits of keys; an audit of keys takes {} at least, so that its numbers say "
                          "nothing of any one",
                          batch.id, *bytes * 8, stats::least_secret_bits));
}

}  // namespace

int audit_batch(const Context& context, const std::string& directory) {
  require_both(context, directory);
  const AuditJob job(context);
  refuse_disclosure(context, job);
  AuditReports reports(context);
  stats::Audit audit(job.options);
  std::optional<Progress> progress(std::in_place, context.console, "auditing");
  std::uint64_t all = 0;
  std::uint64_t bytes = 0;
  OpenRequest request{.stop = context.stop};
  if (context.has("side")) request.outlet = context.text("side");
  request.signatures = signature_demands(context);
  request.begin = [&](const CertifiedBatch& batch) {
    require_enough(batch);
    hold_memory_for_audit(batch.provenance, false, [&](const std::string& words) { context.warn(words); });
    all = batch.all_key_bytes().value_or(0);
  };
  const auto trusted = TrustAnchor::read(context.text("trust"));
  const RecipientKey key = RecipientKey::read(context.text("recipient-key"), ask_passphrase(context));
  const CertifiedBatch batch = open_batch(directory, trusted, key, request, [&](const PackagedBlock& block) {
    audit.add(block.keys);
    bytes += block.keys.size();
    progress->show(bytes, all, "bytes");
  });
  AuditRecord record = audit.finish();
  progress.reset();
  stats::keep_one_number_a_test(record);
  record.file = directory;
  record.subject = {.kind = "batch",
                    .words = fmt::format("all keys of batch {} ({}), in the order of its files; of secret data one "
                                         "number a test is reported, and no digest",
                                         batch.id, purpose_of(batch.provenance))};
  record.form = name_of(stats::BitForm::packed);
  record.bytes = bytes;
  const int verdict = reports.put(record, job.typed);
  if (const auto words = banner(batch.provenance); !words.empty()) context.warn(std::string(words));
  return verdict;
}

}  // namespace lightseed::cli
