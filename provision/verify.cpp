// SPDX-License-Identifier: Apache-2.0
#include "provision/verify.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/checked.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/cms_shell.h"
#include "crypto/dsse.h"
#include "crypto/merkle.h"
#include "provision/file_limits.h"
#include "provision/key_audit.h"
#include "provision/key_audit_file.h"
#include "provision/key_file.h"
#include "provision/order_certificate.h"
#include "provision/order_parts.h"
#include "provision/outlet.h"
#include "provision/release.h"
#include "provision/time_stamp.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view certificate_ending = ".certificate.json";

/// The names in a directory, sorted.
std::vector<std::string> sorted_names(const fs::path& directory) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  if (error) throw system_error("read", directory.string(), error.value());
  std::sort(names.begin(), names.end());
  return names;
}

fs::path find_certificate(const fs::path& directory) {
  if (has_order_certificate(directory)) {
    throw Error(Category::usage, fmt::format("{} is an order in parts: name one of its parts, such as {}",
                                             directory.string(), (directory / OrderParts::directory(1)).string()));
  }
  std::vector<std::string> found;
  std::error_code error;
  for (std::string& name : sorted_names(directory))
    if (name.ends_with(certificate_ending)) found.push_back(std::move(name));
  if (found.size() == 1) return directory / found.front();
  if (found.empty() && fs::is_directory(directory / OrderParts::directory(1), error)) {
    throw Error(Category::io, fmt::format("{} holds parts of an order and no {}: the issuing has not come to its end; "
                                          "the same call of it goes on, and writes it behind the last part",
                                          directory.string(), order_certificate_name));
  }
  if (found.empty()) {
    throw Error(Category::io, fmt::format("{} holds no certificate (*{}): is it the directory of a batch?",
                                          directory.string(), certificate_ending));
  }
  throw Error(Category::verdict,
              fmt::format("{} holds {} files *{}, not one", directory.string(), found.size(), certificate_ending));
}

class Verification {
 public:
  Verification(fs::path directory, const X509Certificate& signer, const VerifyRequest& request, VerifyReport& report)
      : directory_(std::move(directory)), signer_(signer), request_(request), report_(report) {
    for (const KeyFile& file : batch().files) {
      if (!asked_for(file)) continue;
      total_bytes_ += file.bytes;
      if (request.key) total_bytes_ += file.bytes;
    }
  }

  /// The signer that the certificate names is the one who sealed it.
  void check_signer() {
    const SignerRecord& signer = batch().signer;
    if (signer.certificate_sha256 == signer_.fingerprint() && signer.subject == signer_.subject()) return;
    fault(fmt::format("the certificate names {} as its signer, and {} sealed it", signer.subject, signer_.subject()));
  }

  /// The directory holds the files of the certificate, unchanged, and nothing else.
  void check_files(const fs::path& certificate) {
    std::set<std::string> expected{certificate.filename().string()};
    std::uint64_t files = 0;
    bool good = true;
    for (const KeyFile& file : batch().files) {
      expected.insert(file.name);
      if (!asked_for(file)) continue;
      ++files;
      good = check_file(file) && good;
    }
    if (batch().audit) {
      expected.insert(batch().audit->name);
      good = check_audit_file(*batch().audit) && good;
    }
    if (batch().releaser) expected.insert(release_name(batch().id));
    expected.insert(time_stamp_name(batch().id));
    for (const std::string& name : sorted_names(directory_)) {
      if (!expected.contains(name))
        good = fault(fmt::format("{} does not belong to the batch", (directory_ / name).string()));
    }
    if (good && files > 0) {
      check(fmt::format(
          "{} certified SHA-256, encrypted as certified for the recipients alone, and no other file is there",
          files == 1 ? "1 file has its" : fmt::format("{} files have their", files)));
    }
  }

  /// Opens the side the key is for and recomputes the Merkle root.
  void check_keys(const RecipientKey& key) {
    begin_audit();
    std::string why = "none of its files is here";
    std::string meant;
    for (const CertifiedRecipient& recipient : batch().recipients) {
      if (request_.outlet && recipient.outlet != *request_.outlet) continue;
      const RecipientRecord& whom = recipient.record;
      meant += fmt::format("{}the {} side for {}", meant.empty() ? "" : ", ", recipient.outlet,
                           whom.id.empty() ? whom.subject : "the holder of key-encryption key " + whom.id);
      try {
        open_outlet(recipient.outlet, key);
        report_.opened_outlet = recipient.outlet;
        compare_audits();
        return;
      } catch (const Error& e) {
        if (e.category() != Category::verdict || report_.blocks_opened > 0) throw;
        why = e.what();
      }
    }
    // A wrong key and a file sealed for nobody look alike to whoever holds the key.
    fault(
        fmt::format("the recipient's key opens no side: {}. All that is seen without a key holds: first see that the "
                    "key is the one "
                    "this batch was made for: {}",
                    why, meant));
  }

  /// The certificates of a ledger are a chain: each names the one before it.
  void check_previous(const SealedCertificate& previous) {
    const std::string& named = batch().previous_certificate_sha256;
    const std::string& id = previous.reading.batch.id;
    if (!previous.reading.faults.empty()) {
      fault(
          fmt::format("the certificate of batch {} before it does not hold: {}", id, previous.reading.faults.front()));
    } else if (named.empty()) {
      fault("the certificate names none before it: it is the first of its ledger, or of an earlier release");
    } else if (named != previous.sha256) {
      fault(fmt::format("the certificate before it has the SHA-256 {}, and that of batch {} has {}", named, id,
                        previous.sha256));
    } else {
      check(fmt::format("batch {} was issued before it from the same ledger", id));
    }
  }

  /// A release that is there must hold, whoever is trusted; whether there must be one is the policy's to say.
  void check_release(const SealedCertificate& sealed) {
    if (!batch().releaser) return;
    const auto& trust = request_.policy.release_trust;
    std::optional<SealedRelease> release;
    try {
      release = read_release(directory_, sealed);
    } catch (const Error& why) {
      if (why.category() == Category::io) throw;
      fault(why.what());
      return;
    }
    if (!release) {
      (trust ? report_.refusals : report_.certificate.notices)
          .push_back(
              fmt::format("the batch waits for the release of {}, and it is not there", batch().releaser->subject));
      return;
    }
    report_.released = true;
    check(fmt::format("released by {} on {}", release->releaser, release->record.moment));
    if (!trust) return;
    // Who signed it is whom the certificate names; whether that is who the policy wants is another question.
    try {
      require_vouched(*release, *trust);
    } catch (const Error& why) {
      report_.refusals.push_back(fmt::format("the release is not what the policy wants: {}", why.what()));
    }
  }

  /// A time stamp that is there must be of this certificate, whoever is trusted; who signed it is judged, and whether
  /// there must be one, by the policy.
  void check_time_stamp(const SealedCertificate& sealed) {
    const auto& trust = request_.policy.time_stamp_trust;
    try {
      report_.time_stamp = time_stamp_of(directory_, sealed, trust);
    } catch (const Error& why) {
      if (why.category() == Category::io) throw;
      fault(why.what());
      return;
    }
    if (!report_.time_stamp) {
      if (trust) report_.refusals.emplace_back("there is no time stamp of the certificate, and the policy wants one");
      return;
    }
    const std::string moment = utc_text(report_.time_stamp->moment);
    if (trust) {
      check(fmt::format("the certificate was there on {}, says the time stamp of {}", moment,
                        report_.time_stamp->authority));
    } else {
      report_.certificate.notices.push_back(
          fmt::format("a time stamp that says {} is there and not judged: nobody vouched for who made it", moment));
    }
  }

  void check_order(const Order& order) {
    const bool same = order.id == batch().order_id && order.sha256 == batch().order_sha256;
    if (same && order.lines.size() == batch().sims) {
      check(fmt::format("the batch is of order {}, this very file", order.id));
    } else if (order.sha256 == batch().order_sha256) {
      fault(fmt::format("the batch is of order {}, not {}", batch().order_id, order.id));
    } else {
      fault(fmt::format("the batch is of another order: {}, whose file has the SHA-256 {}", batch().order_id,
                        batch().order_sha256));
    }
  }

 private:
  fs::path directory_;
  const X509Certificate& signer_;
  const VerifyRequest& request_;
  VerifyReport& report_;
  std::uint64_t total_bytes_ = 0, done_bytes_ = 0;
  std::optional<KeyAuditRecord> audit_{};                ///< the batch's own, as it was read
  std::optional<KeyAudit> again_{};                      ///< the same on the opened keys
  std::optional<OrderLines::Iterator> next_of_order_{};  ///< the SIM of the next block

  [[nodiscard]] const CertifiedBatch& batch() const noexcept { return report_.certificate.batch; }
  [[nodiscard]] bool asked_for(const KeyFile& file) const noexcept {
    return !request_.outlet || file.outlet == *request_.outlet;
  }

  bool fault(std::string text) {
    report_.faults.push_back(std::move(text));
    return false;
  }
  void check(std::string text) { report_.checks.push_back(std::move(text)); }

  void advance(std::uint64_t bytes) {
    if (request_.stop.stop_requested()) throw Error(Category::interrupted, "interrupted before everything was checked");
    request_.progress(done_bytes_ += bytes, total_bytes_);
  }

  /// A certified file is a file of its own: a link could change after it was checked.
  bool check_place(const fs::path& path) {
    struct stat now {};
    if (::lstat(path.c_str(), &now) != 0) return fault(fmt::format("{} is missing", path.string()));
    if (!S_ISREG(now.st_mode)) return fault(fmt::format("{} is no regular file", path.string()));
    if (now.st_nlink > 1) return fault(fmt::format("{} has a second name somewhere: it is a hard link", path.string()));
    if ((now.st_mode & S_IWOTH) != 0) return fault(fmt::format("{} may be changed by anybody", path.string()));
    return true;
  }

  /// The record says what the certificate says of it, and is of this batch.
  bool check_audit_file(const CertifiedAudit& certified) {
    const fs::path path = directory_ / certified.name;
    if (!check_place(path)) return false;
    const auto text = certified_bytes(path, {.name = certified.name,
                                             .outlet = {},
                                             .sha256 = certified.sha256,
                                             .bytes = std::min<std::uint64_t>(certified.bytes, largest_key_audit)});
    if (!text) return fault(changed_words(path));
    try {
      audit_ = read_key_audit(*text);
    } catch (const Error& why) {
      return fault(fmt::format("{} is no audit of keys: {}", path.string(), why.what()));
    }
    if (audit_->batch != batch().id) return fault(fmt::format("{} is of batch {}", path.string(), audit_->batch));
    if (summary_of(*audit_) != certified.says)
      return fault(fmt::format("{} does not come to what the certificate says of it", path.string()));
    check(fmt::format("the audit of the keys has its certified SHA-256 and says {}", words_for(certified.says)));
    return true;
  }

  /// Keys under audit lie in memory that only a locked process keeps to itself.
  void begin_audit() {
    if (!audit_) return;
    const auto notice = [&](const std::string& words) { report_.certificate.notices.push_back(words); };
    try {
      hold_memory_for_audit(batch().provenance, false, notice);
      again_.emplace(batch().all_key_bytes().value_or(0), request_.stop);
    } catch (const Error& why) {
      if (why.category() != Category::refused) throw;
      notice(fmt::format("the audit was not made again on the opened keys: {}", why.what()));
    }
  }

  void compare_audits() {
    if (!again_) return;
    const KeyAuditRecord again = again_->finish(batch().id).record;
    if (const auto words = difference_of(again, *audit_)) {
      fault(fmt::format("made again on the opened keys, the audit does not say what {} says: {}", batch().audit->name,
                        *words));
      return;
    }
    report_.audit_made_again = true;
    check("the audit of the keys, made again on the opened ones, says the same");
  }

  bool check_file(const KeyFile& file) {
    const fs::path path = directory_ / file.name;
    if (!check_place(path)) return false;
    const auto der = certified_bytes(path, file);
    advance(file.bytes);
    if (!der) return fault(changed_words(path));
    return check_shell(file, path, *der);
  }

  /// What can be seen of a key file without a key: how it is encrypted, for whom, and that it is as long as its keys
  /// need.
  bool check_shell(const KeyFile& file, const fs::path& path, const std::string& der) {
    try {
      const EnvelopeShell shell = read_envelope_shell(bytes_of(der));
      bool good = true;
      for (const CertifiedRecipient& recipient : batch().recipients) {
        if (recipient.outlet != file.outlet) continue;
        for (const std::string& why : faults_of_recipient(recipient.record, shell))
          good = fault(fmt::format("{}: {}", path.string(), why));
      }
      const auto keys = checked_product({file.blocks, batch().keys_per_sim, batch().key_bytes});
      if (!keys || shell.ciphertext_bytes < *keys) {
        good = fault(fmt::format("{} is too short for the keys of {} SIMs", path.string(), file.blocks));
      }
      const bool old = batch().edition == 1;
      if ((shell.content == EnvelopeShell::Content::signed_data) != old) {
        good = fault(fmt::format("{} has the inner content type of another edition", path.string()));
      }
      return good;
    } catch (const Error& why) {
      return fault(fmt::format("{} is no key file: {}", path.string(), why.what()));
    }
  }

  void open_outlet(const std::string& outlet, const RecipientKey& key) {
    std::vector<Sha256Digest> leaves;
    std::unordered_set<std::string> iccids, ids;
    if (request_.order) next_of_order_.emplace(request_.order->lines);
    for (const KeyFile& file : batch().files) {
      if (file.outlet != outlet) continue;
      const std::string der = read_text_file(directory_ / file.name, largest_key_file);
      const OpenedKeyFile opened = outlet_named(outlet).read(bytes_of(der), key, signer_);
      if (auto why = fault_of_package(opened.package, file, batch())) fault(std::move(*why));
      for (const PackagedBlock& block : opened.package.blocks) {
        check_block(block, file.name, iccids, ids);
        leaves.push_back(merkle_leaf(block.header.salt, block.header.id, block.header.iccid, block.keys));
        if (again_) again_->add(block.keys);
        ++report_.blocks_opened;
        request_.opened(block.header.iccid);
      }
      advance(file.bytes);
    }
    if (hex(merkle_root(leaves)) != batch().merkle_root) {
      fault(fmt::format("the Merkle root over the keys of the {} side is not the certified one", outlet));
    } else {
      check(fmt::format("the {} side opens, is signed, and its {} blocks have the certified Merkle root", outlet,
                        leaves.size()));
    }
  }

  void check_block(const PackagedBlock& block, const std::string& file, std::unordered_set<std::string>& iccids,
                   std::unordered_set<std::string>& ids) {
    if (block.key_count != batch().keys_per_sim || !iccids.insert(block.header.iccid).second ||
        !ids.insert(hex(block.header.id)).second) {
      fault(fmt::format("{}: block {} has another number of keys, or its ICCID or id stands twice", file,
                        hex(block.header.id)));
    }
    if (!request_.order) return;
    OrderLines::Iterator& line = *next_of_order_;
    const bool none = line == OrderLines::end();
    if (none || line->iccid != block.header.iccid || line->imsi != block.header.imsi) {
      fault(fmt::format("{}: block {} is for ICCID {}, and SIM {} of the order is another", file, hex(block.header.id),
                        block.header.iccid, report_.blocks_opened + 1));
    }
    if (!none) ++line;
  }
};

}  // namespace

SealedCertificate read_sealed_certificate(const fs::path& path, const TrustAnchor& trust,
                                          const SignatureDemands& demands) {
  std::error_code error;
  const fs::path file = fs::is_directory(path, error) ? find_certificate(path) : path;
  const std::string envelope = read_text_file(file, largest_certificate);
  // Nothing chose the lower s in edition 1; from edition 2 on only the one text that Lightseed writes counts.
  const Unsealed unsealed = unseal(certificate_payload_type, envelope, trust,
                                   {.most_bytes = largest_certificate, .malleability = Malleability::allow});
  SealedCertificate sealed{.statement = unsealed.body,
                           .reading = read_certificate(unsealed.body),
                           .signer = unsealed.signer,
                           .further = {},
                           .sha256 = hex(sha256(bytes_of(envelope)))};
  if (sealed.reading.batch.edition > 1 && !unsealed.canonical) {
    throw Error(Category::verdict,
                fmt::format("{} is not the envelope that Lightseed writes around this signature", file.string()));
  }
  // Whoever sealed it must have been allowed to, then.
  try {
    trust.judge(sealed.signer, moment_from(sealed.reading.batch.created).value_or(0));
  } catch (const Error& why) {
    sealed.reading.faults.push_back(
        fmt::format("the signer was not allowed to sign on {}: {}", sealed.reading.batch.created, why.what()));
  }
  sealed.further = judge_further_signatures(unsealed.further, demands, sealed.reading);
  return sealed;
}

SealedCertificate read_sound_certificate(const fs::path& path, const TrustAnchor& trust) {
  SealedCertificate sealed = read_sealed_certificate(path, trust);
  if (sealed.reading.faults.empty()) return sealed;
  throw Error(Category::verdict, fmt::format("the certificate does not hold: {}", sealed.reading.faults.front()));
}

void require_demanded_signatures(const SealedCertificate& sealed) {
  if (!sealed.further.refusals.empty()) throw Error(Category::refused, sealed.further.refusals.front());
}

VerifyReport verify(const fs::path& directory, const TrustAnchor& trust, const VerifyRequest& request) {
  VerifyReport report;
  const fs::path certificate = find_certificate(directory);
  const SealedCertificate sealed = read_sealed_certificate(certificate, trust, request.policy.signatures);
  report.certificate = sealed.reading;
  const CertifiedBatch& batch = report.certificate.batch;
  report.checks.push_back(fmt::format("the certificate is sealed by {}", sealed.signer.subject()));
  report.checks.insert(report.checks.end(), report.certificate.checks.begin(), report.certificate.checks.end());
  report.faults = report.certificate.faults;
  report.refusals = refusals(request.policy, report.certificate);
  report.refusals.insert(report.refusals.end(), sealed.further.refusals.begin(), sealed.further.refusals.end());
  report.further_signatures = sealed.further.all;
  if (certificate.filename() != certificate_name(batch.id)) {
    report.faults.push_back(fmt::format("{} is the certificate of batch {}", certificate.string(), batch.id));
  }
  if (request.outlet && std::none_of(batch.recipients.begin(), batch.recipients.end(),
                                     [&](const auto& recipient) { return recipient.outlet == *request.outlet; })) {
    throw Error(Category::usage, fmt::format("the batch has no side {}", *request.outlet));
  }
  Verification verification(directory, sealed.signer, request, report);
  verification.check_signer();
  if (request.order) verification.check_order(*request.order);
  if (request.previous) verification.check_previous(read_sealed_certificate(*request.previous, trust));
  verification.check_files(certificate);
  verification.check_release(sealed);
  verification.check_time_stamp(sealed);
  // A file whose certificate or digest is wrong is not worth opening.
  if (request.key && report.faults.empty()) verification.check_keys(*request.key);
  return report;
}

}  // namespace lightseed
