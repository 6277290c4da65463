// SPDX-License-Identifier: Apache-2.0
#include "provision/batch_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <deque>
#include <exception>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "core/system_random.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "evidence/issue_request_record.h"
#include "evidence/record_text.h"
#include "provision/certificate_log.h"
#include "provision/edition_2/statement.h"
#include "provision/file_limits.h"
#include "provision/key_audit.h"
#include "provision/key_audit_file.h"
#include "provision/preflight.h"
#include "provision/sealing.h"
#include "provision/staging.h"

namespace lightseed {
namespace {

/// Whom each outlet's files are encrypted for, in the order of the files.
std::vector<CertifiedRecipient> recipients_of(const IssueRequest& request) {
  std::vector<CertifiedRecipient> recipients;
  for (const OutletRequest& asked : request.outlets)
    recipients.push_back({asked.outlet, asked.recipient.record()});
  std::ranges::sort(recipients, {}, &CertifiedRecipient::outlet);
  return recipients;
}

/// A batch between its first block and its place.
class BatchWriter {
 public:
  BatchWriter(const IssueRequest& request, const IssueServices& services, Ledger& ledger, std::uint64_t top_ups,
              KeyStream& keys)
      : request_(request),
        services_(services),
        ledger_(ledger),
        keys_(keys),
        bits_(request.expansion, [this](std::span<std::byte> out) { keys_.fill(out, {.stop = services_.stop}); }),
        batch_(new_batch(request)),
        ledger_id_(ledger.position().value().ledger_id),
        staging_(staging_path(batch_.directory, batch_.id)),
        top_ups_(top_ups),
        sealer_(request, batch_.id, staging_) {
    if (request.audit) audit_.emplace(key_bytes_of(request), services.stop);
  }

  IssueResult run() {
    ledger_.begin(batch_);
    bool issuing = false;
    try {
      make_staging(staging_, batch_.id, ledger_id_);
      make_key_files();
      write_audit();
      seal_certificate();
      sync_staging(staging_);
      require_free_target();
      issuing = true;
      ledger_.issue(batch_.id, issued_files());
    } catch (const Error& e) {
      abandon(e, issuing);
    } catch (const std::exception& e) {
      abandon(Error(Category::internal, e.what()), issuing);
    }
    publish_staging(staging_, batch_);
    result_.directory = batch_.directory;
    for (const std::string& words : notices_)
      services_.notice(words);
    return result_;
  }

 private:
  const IssueRequest& request_;
  const IssueServices& services_;
  Ledger& ledger_;
  KeyStream& keys_;
  RandomBits bits_;
  BatchRecord batch_;
  std::string ledger_id_;
  std::filesystem::path staging_;
  std::uint64_t top_ups_;
  Sealer sealer_;
  std::optional<KeyAudit> audit_;
  IssueResult result_;
  std::vector<std::string> notices_;  ///< of a batch that counts

  static BatchRecord new_batch(const IssueRequest& request) {
    BatchRecord batch;
    batch.id = uuid_v7();
    batch.order_id = request.order.id;
    batch.request = request_text_of(request);
    batch.directory = request.directory.string();
    batch.created = utc_text(std::time(nullptr));
    return batch;
  }

  /// As they are announced; a side's files are numbered from 1, in their order.
  [[nodiscard]] std::vector<IssuedFile> issued_files() const {
    std::vector<IssuedFile> files;
    for (const KeyFile& file : result_.files) {
      const bool same_side = !files.empty() && files.back().outlet == file.outlet;
      files.push_back({.outlet = file.outlet,
                       .name = file.name,
                       .sha256 = file.sha256,
                       .number = same_side ? files.back().number + 1 : 1});
    }
    return files;
  }

  /// Burns what was begun and says so in the error that ended it. Where the step to ISSUED itself failed, the ledger
  /// alone knows whether it was made: the files go only once they are burned.
  [[noreturn]] void abandon(const Error& why, bool issuing) {
    if (!issuing) (void)remove_staging(staging_, batch_.id, ledger_id_);
    std::string burned;
    try {
      burned = fmt::format("{} blocks burned", ledger_.burn(batch_.id, why.what()));
      if (issuing) (void)remove_staging(staging_, batch_.id, ledger_id_);
    } catch (const Error& failure) {
      // A full disk may hold the ledger too. Nothing of the batch is visible, and the next run ends it either way.
      if (issuing) {
        throw Error(why.category(),
                    fmt::format("{}; whether the batch counts is in the ledger: make the same call again, which hands "
                                "out its files or burns its blocks ({})",
                                why.what(), failure.what()));
      }
      burned = fmt::format("its blocks will be burned when the ledger is next issued from ({})", failure.what());
    }
    throw Error(why.category(), fmt::format("{}; {}, no file was written", why.what(), burned));
  }

  void make_key_files() {
    const OrderLines& lines = request_.order.lines;
    const std::uint64_t step = blocks_a_file(request_);
    SealingBehind sealing(sealer_);
    std::deque<DrawnHeaders> announced;
    std::uint64_t number = 1;
    for (std::size_t first = 0; first < lines.size(); first += step, ++number) {
      const auto part = lines.part(first, std::min<std::uint64_t>(step, lines.size() - first));
      if (announced.empty()) announced = announce(first, number);
      auto file = std::make_unique<FileInMaking>(number, batch_.id, part.copy(), std::move(announced.front()),
                                                 request_.keys_per_sim, request_.key_bytes, sealing.take_spare());
      announced.pop_front();
      make_keys(*file);
      sealing.hand_over(std::move(file));
      services_.progress(first + part.size(), lines.size());
    }
    sealing.finish();
  }

  /// Puts the blocks of some files, from this SIM and this number on, into the ledger: before a key of theirs is made,
  /// and in one transaction, because each waits for the disk, behind the key files that are on their way there.
  std::deque<DrawnHeaders> announce(std::size_t first, std::uint64_t number) {
    constexpr std::size_t enough_blocks = 4096, most_files = 8;
    const OrderLines& lines = request_.order.lines;
    const std::uint64_t step = blocks_a_file(request_);
    std::deque<DrawnHeaders> files;
    std::vector<BlockEntry> entries;
    for (; first < lines.size() && files.size() < most_files && entries.size() < enough_blocks; first += step) {
      files.emplace_back(lines.part(first, std::min<std::uint64_t>(step, lines.size() - first)).copy());
      for (const BlockHeader& header : files.back().all())
        entries.push_back({.id = header.id, .iccid = header.iccid, .file = number});
      ++number;
    }
    ledger_.add_blocks(batch_.id, entries);
    return files;
  }

  void make_keys(FileInMaking& file) {
    file.make_keys([this](std::span<std::byte> block) {
      bits_.generate(block);
      if (audit_) audit_->add(block);
    });
  }

  /// The record beside the certificate. Keys that FAIL are never certified: what a perfect source does once in a
  /// million batches is far more often a fault that everything before has missed.
  void write_audit() {
    if (!audit_) return;
    const KeyAudit::Result audited = audit_->finish(batch_.id);
    const KeyAuditSummary summary = summary_of(audited.record);
    if (summary.verdict() == AuditOutcome::fail) {
      throw Error(Category::health,
                  fmt::format("the keys FAIL their own audit ({}), as those of a perfect source do once in a million "
                              "batches: look for what is broken before more are made",
                              worst_of(audited.verdict)));
    }
    const std::string text = record_text(audited.record);
    result_.audit = {.name = key_audit_name(batch_.id),
                     .bytes = text.size(),
                     .sha256 = hex(sha256(bytes_of(text))),
                     .says = summary};
    AtomicFile out(staging_ / result_.audit->name, AtomicFile::Mode::open);
    out.write(text);
    out.commit();
    if (summary.verdict() == AuditOutcome::retest) {
      notices_.push_back(fmt::format(
          "the audit of these keys says RETEST ({}), as it does of one perfect batch in a thousand: the batch "
          "is issued; if the next one says so of the same test, find out why before a third is made",
          worst_of(audited.verdict)));
    } else if (summary.judged() == 0) {
      notices_.push_back(
          fmt::format("the audit of these keys ran no test: {} bits are too few; the batch is issued, "
                      "and its record says so",
                      summary.bits));
    }
  }

  /// The target was free when the run began; a batch that cannot appear is better not issued.
  void require_free_target() const {
    if (const auto names = names_in_the_way(batch_.directory); !names.empty()) {
      throw Error(Category::io,
                  fmt::format("{} was empty when this run began and now holds {}", batch_.directory, names.front()));
    }
  }

  /// Who signs in this place behind the first; nothing where nobody does.
  [[nodiscard]] std::optional<SignerRecord> further_record(std::size_t place) const {
    const auto& further = request_.further_signers;
    return place < further.size() ? std::optional(further[place].record()) : std::nullopt;
  }

  edition_2::Statement statement() {
    return {.batch = {.edition = 2,
                      .id = batch_.id,
                      .order_id = request_.order.id,
                      .order_sha256 = request_.order.sha256,
                      .sims = request_.order.lines.size(),
                      .keys_per_sim = request_.keys_per_sim,
                      .key_bytes = request_.key_bytes,
                      .created = batch_.created,
                      .provenance = result_.provenance,
                      .merkle_root = result_.merkle_root,
                      .files = result_.files,
                      .recipients = recipients_of(request_),
                      .signer = request_.signer.record(),
                      .second_signer = further_record(0),
                      .third_signer = further_record(1),
                      .releaser = request_.releaser ? std::optional(SignerRecord{
                                                          .subject = request_.releaser->subject(),
                                                          .certificate_sha256 = request_.releaser->fingerprint()})
                                                    : std::nullopt,
                      .audit = result_.audit},
            .run = keys_.record(),
            .expansion = bits_.record(),
            .ledger = result_.ledger,
            .software = edition_2::this_software()};
  }

  void seal_certificate() {
    // Memory was tried at the begin; what the run took in the end counts.
    judge_memory(SecretBytes::unlocked_bytes(), keys_.info().provenance, request_.unlocked_memory, [](const auto&) {});
    const std::uint64_t sims = request_.order.lines.size();
    const std::vector<std::string> log = certificate_log(ledger_);
    result_.ledger = {.position = ledger_.position().value(),
                      .first_charges = sims - top_ups_,
                      .top_ups = top_ups_,
                      .previous_certificate_sha256 = log.empty() ? std::string() : log.back()};
    result_.batch = batch_.id;
    result_.provenance = keys_.info().provenance;
    result_.purpose = std::string(purpose_of(result_.provenance));
    result_.key_bytes = key_bytes_of(request_);
    result_.merkle_root = hex(merkle_root(sealer_.leaves()));
    result_.certificate = certificate_name(batch_.id);
    result_.files = sealer_.files();
    // By side, then by number: the order the Merkle leaves are in.
    std::stable_sort(result_.files.begin(), result_.files.end(),
                     [](const KeyFile& a, const KeyFile& b) { return a.outlet < b.outlet; });
    const std::string envelope =
        seal(certificate_payload_type, edition_2::body_of(statement()), request_.signer, request_.further_signers);
    AtomicFile out(staging_ / result_.certificate, AtomicFile::Mode::open);
    out.write(envelope);
    out.commit();
    ledger_.certify(batch_.id, {.purpose = result_.purpose,
                                .certificate_sha256 = hex(sha256(bytes_of(envelope))),
                                .blocks = sims,
                                .position = result_.ledger.position});
  }
};

}  // namespace

std::uint64_t blocks_a_file(const IssueRequest& request) {
  const std::uint64_t block = request.keys_per_sim * request.key_bytes + bytes_around_block;
  const std::uint64_t usual = std::max<std::uint64_t>(1, usual_file_bytes / block);
  return std::min<std::uint64_t>(usual, request.order.lines.size());
}

std::uint64_t key_bytes_of(const IssueRequest& request) {
  return request.order.lines.size() * request.keys_per_sim * request.key_bytes;
}

KnownSims known_sims_of(const IssueRequest& request, Ledger& ledger, std::size_t part) {
  KnownSims all;
  std::vector<std::string> iccids;
  const std::size_t sims = request.order.lines.size();
  for (std::size_t first = 0; first < sims; first += part) {
    iccids.clear();
    for (const OrderLine& line : request.order.lines.part(first, std::min(part, sims - first)))
      iccids.emplace_back(line.iccid.view());
    KnownSims known = ledger.known_sims(iccids);
    known.count += all.count;
    // A person is told the names of the first part that has some.
    if (all.count == 0) {
      all = std::move(known);
    } else {
      all.count = known.count;
    }
  }
  return all;
}

KeyStreamSettings run_settings(const IssueRequest& request) {
  return {.bytes = RandomBits::entropy_bytes(request.expansion, key_bytes_of(request)),
          .log2_epsilon = request.log2_epsilon,
          .extractor = request.extractor,
          .prefer = request.prefer,
          .calibration_binds = request.calibration_binds,
          .read_ahead = true};
}

std::string request_text_of(const IssueRequest& request) {
  IssueRequestRecord record{.order_sha256 = request.order.sha256,
                            .sims = request.order.lines.size(),
                            .keys_per_sim = request.keys_per_sim,
                            .key_bytes = request.key_bytes,
                            .log2_epsilon = request.log2_epsilon,
                            .extractor = request.extractor,
                            .recipients = {},
                            .signer_sha256 = request.signer.certificate().fingerprint(),
                            .expansion = {},
                            .seed_source = request.seed_source};
  if (request.calibration_binds) record.binding = "calibration";
  record.audit = request.audit;
  for (const FurtherSigner& one : request.further_signers)
    record.further_signers_sha256.push_back(one.certificate().fingerprint());
  if (request.releaser) record.releaser_sha256 = request.releaser->fingerprint();
  for (const OutletRequest& asked : request.outlets)
    record.recipients.emplace_back(asked.outlet, asked.recipient.describe());
  if (request.expansion.construction != Construction::full_entropy)
    record.expansion = to_json(RandomBits::record_of(request.expansion, key_bytes_of(request)));
  return request_text(record);
}

IssueResult write_batch(const IssueRequest& request, const IssueServices& services, Ledger& ledger,
                        std::uint64_t top_ups, KeyStream& keys) {
  return BatchWriter(request, services, ledger, top_ups, keys).run();
}

}  // namespace lightseed
