// SPDX-License-Identifier: Apache-2.0
#include "provision/repeats.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "evidence/issue_request_record.h"
#include "provision/batch_writer.h"
#include "provision/order/order_error.h"
#include "provision/order_parts.h"
#include "provision/staging.h"
#include "provision/verify.h"

namespace lightseed {

namespace fs = std::filesystem;

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", word);
  return text;
}

[[noreturn]] void refuse(const BatchRecord& batch, const std::string& why) {
  throw OrderRefused(fmt::format(
      "order {} was {} already as batch {} on {}; {}. An order id gets keys once: a new order needs "
      "a new id",
      batch.order_id, batch.state == BatchState::issued ? "issued" : "begun", batch.id, batch.created, why));
}

/// A file of the batch is there, with the digest that it was issued with.
void require_as_issued(const BatchRecord& batch, const fs::path& path, const std::string& sha256) {
  if (!fs::exists(path)) refuse(batch, fmt::format("{} is missing", path.string()));
  if (hex(sha256_of_file(path)) != sha256)
    refuse(batch, fmt::format("{} is no longer as it was issued", path.string()));
}

}  // namespace

void require_same_request(const BatchRecord& batch, const IssueRequest& request) {
  if (const auto differences = request_differences(batch.request, request_text_of(request)); !differences.empty())
    refuse(batch, fmt::format("this call differs from that one in {}; the call of then, unchanged, finds what it made",
                              joined(differences)));
  if (batch.directory != request.directory) refuse(batch, fmt::format("its files are in {}", batch.directory));
}

void require_same_cut(Ledger& ledger, const std::string& order_id, std::uint64_t parts) {
  for (const BatchRecord& batch : ledger.batches()) {
    if (!is_live(batch.state)) continue;
    const auto before = OrderParts::parts_by(order_id, batch.order_id);
    if (before && *before != parts) {
      const auto asked = requested_keys(batch.request);
      const bool is_last = batch.order_id == fmt::format("{}.{}-of-{}", order_id, *before, *before);
      throw OrderRefused(fmt::format(
          "order {} was cut into {} parts already (batch {} is one{}); cut it in the same way, and "
          "what is left of it is made",
          order_id, *before, batch.id, asked && !is_last ? fmt::format(", with {} SIMs", asked->sims) : ""));
    }
    if (parts > 0 && batch.order_id == order_id && batch.state == BatchState::issued) {
      throw OrderRefused(
          fmt::format("order {} was issued as one batch already ({}), not in parts", order_id, batch.id));
    }
  }
}

IssueResult issued_before(const BatchRecord& batch, const IssueRequest& request) {
  require_same_request(batch, request);
  if (batch.state != BatchState::issued) refuse(batch, "it could not be brought to an end");
  const fs::path staging = staging_path(batch.directory, batch.id);
  if (is_finished_staging(staging, batch.id, batch.certificate_sha256))
    refuse(batch, fmt::format("its files are in {}: rename that to {}", staging.string(), batch.directory));
  IssueResult result;
  result.already_issued = true;
  result.batch = batch.id;
  result.directory = batch.directory;
  result.purpose = batch.purpose;
  result.certificate = certificate_name(batch.id);
  const fs::path certificate = result.directory / result.certificate;
  if (!fs::exists(certificate)) refuse(batch, fmt::format("its certificate is no longer in {}", batch.directory));
  require_as_issued(batch, certificate, batch.certificate_sha256);
  const CertifiedBatch reading =
      read_sealed_certificate(certificate, TrustAnchor(request.signer.certificate())).reading.batch;
  for (const KeyFile& file : reading.files)
    require_as_issued(batch, result.directory / file.name, file.sha256);
  if (reading.audit) {
    const fs::path path = result.directory / reading.audit->name;
    if (!fs::exists(path) || hex(sha256_of_file(path)) != reading.audit->sha256)
      refuse(batch, fmt::format("{} is no longer as it was issued", path.string()));
  }
  result.provenance = reading.provenance;
  result.key_bytes = reading.all_key_bytes().value_or(0);
  result.merkle_root = reading.merkle_root;
  result.files = reading.files;
  result.audit = reading.audit;
  return result;
}

void require_new_sims(const IssueRequest& request, const KnownSims& known) {
  if (known.count == 0 || request.top_up) return;
  throw OrderRefused(
      fmt::format("{} of the order's {} SIMs have keys already: {}{} (batch {}); if they are to get more, ask for "
                  "a top-up",
                  known.count, request.order.lines.size(), joined(known.iccids),
                  known.count > known.iccids.size() ? ", …" : "", joined(known.batches)));
}

fs::path target_of(const fs::path& given) {
  fs::path target = fs::absolute(given).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  if (!target.has_filename())
    throw Error(Category::usage, fmt::format("{} is no name for a batch's directory", given.string()));
  return target;
}

}  // namespace lightseed
