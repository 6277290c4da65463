// SPDX-License-Identifier: Apache-2.0
#include "provision/issue.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "evidence/issue_request_record.h"
#include "pipeline/measure.h"
#include "pipeline/seed_source.h"
#include "provision/batch_writer.h"
#include "provision/preflight.h"
#include "provision/recovery.h"
#include "provision/staging.h"
#include "provision/verify.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", word);
  return text;
}

/// The files of a batch that was issued before, if they are what the ledger remembers.
IssueResult issued_before(const BatchRecord& batch, const IssueRequest& request) {
  const auto refuse = [&](const std::string& why) {
    throw Error(
        Category::refused,
        fmt::format("order {} was {} already as batch {} on {}; {}. No second keys are made for one order id: a "
                    "new order needs a new one",
                    batch.order_id, batch.state == BatchState::issued ? "issued" : "begun", batch.id, batch.created,
                    why));
  };
  if (const auto differences = request_differences(batch.request, request_text_of(request)); !differences.empty())
    refuse(fmt::format("this call differs from that one in {}", joined(differences)));
  if (batch.directory != request.directory) refuse(fmt::format("its files are in {}", batch.directory));
  if (batch.state != BatchState::issued) refuse("it could not be brought to an end");
  const fs::path staging = staging_path(batch.directory, batch.id);
  if (is_finished_staging(staging, batch.id, batch.certificate_sha256))
    refuse(fmt::format("its files are in {}: rename that to {}", staging.string(), batch.directory));
  IssueResult result;
  result.already_issued = true;
  result.batch = batch.id;
  result.directory = batch.directory;
  result.purpose = batch.purpose;
  result.certificate = certificate_name(batch.id);
  const fs::path certificate = result.directory / result.certificate;
  if (!fs::exists(certificate) || hex(sha256_of_file(certificate)) != batch.certificate_sha256) {
    refuse(fmt::format("its certificate is no longer in {}", batch.directory));
  }
  const CertifiedBatch reading =
      read_sealed_certificate(certificate, TrustAnchor(request.signer.certificate())).reading.batch;
  for (const KeyFile& file : reading.files) {
    const fs::path path = result.directory / file.name;
    if (!fs::exists(path) || hex(sha256_of_file(path)) != file.sha256) {
      refuse(fmt::format("{} is no longer as it was issued", path.string()));
    }
  }
  result.provenance = reading.provenance;
  result.key_bytes = reading.all_key_bytes().value_or(0);
  result.merkle_root = reading.merkle_root;
  result.files = reading.files;
  return result;
}

/// SIMs that have keys get more only when that was asked for: the same SIMs under another order id are a mistake far
/// more often than a wish. Asked in any case: a ledger that contradicts itself about one of them is no ground for keys.
/// Returns how many have keys.
std::uint64_t require_new_sims(const IssueRequest& request, Ledger& ledger) {
  const KnownSims known = known_sims_of(request, ledger);
  if (known.count == 0 || request.top_up) return known.count;
  throw Error(
      Category::refused,
      fmt::format("{} of the order's {} SIMs have keys already: {}{} (batch {}); if they are to get more, ask for "
                  "a top-up",
                  known.count, request.order.lines.size(), joined(known.iccids),
                  known.count > known.iccids.size() ? ", …" : "", joined(known.batches)));
}

}  // namespace

IssueResult issue(const IssueRequest& given, const IssueServices& services) {
  require_sane(given);
  IssueRequest request = given;
  request.directory = fs::absolute(given.directory).lexically_normal();
  if (!request.directory.has_filename()) request.directory = request.directory.parent_path();
  if (!request.directory.has_filename())
    throw Error(Category::usage, fmt::format("{} is no name for a batch's directory", given.directory.string()));

  const auto ledger = open_ledger(
      request.ledger,
      {.mode = LedgerAccess::Mode::issue, .without_memory = request.without_ledger_memory, .notice = services.notice});
  const auto lock = ledger->issuing_lock();
  finish_unfinished(*ledger, services.notice);
  if (const auto live = ledger->live_batch_of_order(request.order.id)) return issued_before(*live, request);
  const std::uint64_t top_ups = require_new_sims(request, *ledger);
  try_container(request);
  try_place(request);
  const TargetReservation reservation(request.directory);

  for (const OutletRequest& asked : request.outlets)
    for (const std::string& words : asked.recipient.notices())
      services.notice(fmt::format("{} side: {}", asked.outlet, words));

  const std::unique_ptr<Source> source = services.open_source();
  try_memory(request, source->info().provenance, services.notice);
  const std::unique_ptr<Source> second = request.seed_source.empty() ? nullptr : services.open_seed_source();
  std::optional<SeedSource> seed;
  if (second != nullptr) {
    require_seed_source(second->info(), source->info());
    // The operator's word on independent samples is for the keys' source alone.
    seed =
        seed_from(*second, seed_log2_epsilon(request.log2_epsilon),
                  services.assess ? services.assess : measure_with({.stop = services.stop}), {.stop = services.stop});
  }
  KeyStream keys(
      *source,
      {.bytes = RandomBits::entropy_bytes(request.expansion, key_bytes_of(request)),
       .log2_epsilon = request.log2_epsilon,
       .extractor = request.extractor,
       .prefer = request.prefer,
       .seed = std::move(seed),
       .alpha_log2 = {},
       .progress = services.raw_progress,
       .notice = services.notice},
      services.assess ? services.assess : measure_with({.iid_claim = request.iid_claim, .stop = services.stop}),
      {.stop = services.stop});
  return write_batch(request, services, *ledger, top_ups, keys);
}

}  // namespace lightseed
