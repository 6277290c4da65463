// SPDX-License-Identifier: Apache-2.0
#include "provision/cross_checks.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "core/checked.h"
#include "core/clock.h"
#include "core/error.h"
#include "evidence/calibration_record.h"
#include "evidence/json_difference.h"
#include "evidence/json_text.h"
#include "evidence/object_reader.h"
#include "pipeline/calibrated_source.h"
#include "provision/key_audit.h"
#include "provision/key_audit_file.h"

namespace lightseed {
namespace {

constexpr std::string_view lower_hex = "0123456789abcdef";

bool only(std::string_view text, std::string_view letters) noexcept {
  return text.find_first_not_of(letters) == std::string_view::npos;
}

/// A pattern of digits ('9'), hexadecimal digits ('x') and letters that stand for themselves.
bool fits(std::string_view text, std::string_view pattern) noexcept {
  return text.size() == pattern.size() && std::equal(text.begin(), text.end(), pattern.begin(), [](char c, char p) {
           if (p == '9') return c >= '0' && c <= '9';
           if (p == 'x') return lower_hex.find(c) != std::string_view::npos;
           return c == p;
         });
}

bool is_batch_id(std::string_view text) noexcept {
  return fits(text, "xxxxxxxx-xxxx-7xxx-xxxx-xxxxxxxxxxxx");
}

/// Files come by outlet, each outlet's numbered from 001 on, and hold a block for every SIM.
void check_files(const CertifiedBatch& batch, Faults& faults) {
  struct Side {
    std::uint64_t files = 0;
    std::optional<std::uint64_t> blocks = 0;
  };
  std::map<std::string, Side> sides;
  for (const CertifiedRecipient& recipient : batch.recipients)
    sides[recipient.outlet];
  for (const KeyFile& file : batch.files) {
    const auto side = sides.find(file.outlet);
    if (!faults.unless(side != sides.end(), "file {:.80} is for {:.40}, and the batch has no such recipient", file.name,
                       file.outlet)) {
      continue;
    }
    const std::string name = fmt::format("{}.{}.{:03}.p7m", batch.id, file.outlet, ++side->second.files);
    faults.unless(file.name == name, "file {:.80} should have the name {}", file.name, name);
    faults.unless(is_sha256(file.sha256), "file {:.80}: its SHA-256 is none", file.name);
    if (side->second.blocks) side->second.blocks = checked_sum(*side->second.blocks, file.blocks);
    const auto keys = checked_product({file.blocks, batch.keys_per_sim, batch.key_bytes});
    faults.unless(file.blocks > 0 && keys && file.bytes > *keys,
                  "file {:.80}: {} bytes cannot hold the keys of {} SIMs", file.name, file.bytes, file.blocks);
  }
  for (const auto& [outlet, side] : sides) {
    faults.unless(side.blocks == batch.sims, "the files of the {} side do not hold one block a SIM", outlet);
  }
}

void check_recipients(const CertifiedBatch& batch, Faults& faults) {
  std::set<std::string> seen;
  for (const CertifiedRecipient& recipient : batch.recipients) {
    const RecipientRecord& record = recipient.record;
    const bool kek = record.kind == RecipientRecord::Kind::key_encryption_key;
    faults.unless(kek ? !record.id.empty() && record.id.size() <= 64
                      : is_sha256(record.certificate_sha256) && !record.subject.empty(),
                  "the {} recipient is not named", recipient.outlet);
    faults.unless(seen.insert(kek ? "kek " + record.id : record.certificate_sha256).second,
                  "two sides have the same recipient: {:.80}", kek ? record.id : record.subject);
  }
  faults.unless(is_sha256(batch.signer.certificate_sha256), "the signer's certificate is not named by its SHA-256");
  faults.unless(!batch.second_signer || (is_sha256(batch.second_signer->certificate_sha256) &&
                                         batch.second_signer->certificate_sha256 != batch.signer.certificate_sha256),
                "the second signer's certificate is not named by a SHA-256 of its own");
  faults.unless(!batch.third_signer || batch.second_signer, "a third signer is named, and no second one");
  faults.unless(!batch.third_signer || !batch.second_signer ||
                    (is_sha256(batch.third_signer->certificate_sha256) &&
                     batch.third_signer->certificate_sha256 != batch.second_signer->certificate_sha256 &&
                     batch.third_signer->certificate_sha256 != batch.signer.certificate_sha256),
                "the third signer's certificate is not named by a SHA-256 of its own");
  faults.unless(!batch.releaser || (is_sha256(batch.releaser->certificate_sha256) && !batch.releaser->subject.empty() &&
                                    batch.releaser->certificate_sha256 != batch.signer.certificate_sha256),
                "whoever is to release the batch is not named by a SHA-256 of another certificate than the signer's");
}

/// The best that bits from a driver may be called. Only what is read from a bus is hardware.
Provenance best_of_driver(std::string_view driver) noexcept {
  if (driver.starts_with("sim:")) return Provenance::simulated;
  if (driver.starts_with("usb:") && driver.size() > 4 && driver != "usb:*") return Provenance::hardware;
  return Provenance::recorded;
}

void check_pool(const SourceInfo& pool, Faults& faults) {
  ObjectReader reader(pool.parameters, "source.parameters");
  Provenance least = Provenance::hardware;
  std::set<std::string> units;
  for (ObjectReader member : reader.objects("members", 256)) {
    const SourceInfo one = take_source_info(member);
    check_source(one, faults);
    least = worst(least, one.provenance);
    faults.unless(one.format == pool.format, "{}: its samples are not the pool's", member.path());
    faults.unless(one.claim.bits_per_sample >= pool.claim.bits_per_sample, "{}: it claims less than the pool",
                  member.path());
    const std::string unit = one.serial.empty() ? one.uri : one.driver + " " + one.serial;
    faults.unless(units.insert(unit).second, "{}: the same source is in the pool twice", member.path());
  }
  faults.unless(!units.empty() && pool.provenance == least, "a pool is as good as its worst member, {}",
                name_of(least));
}

void note_gate(const std::string& whose, const HealthRecord& gate, std::vector<std::string>& notices) {
  const char* const fate = gate.running ? "was survived, its block dropped" : "cost the block in hand";
  for (const HealthAlarm& alarm : gate.alarms)
    notices.push_back(fmt::format("{}a health alarm {}: {}, at sample {}", whose, fate, alarm.words, alarm.sample));
  for (const RecoveryRecord& recovery : gate.recoveries)
    notices.push_back(fmt::format("{}the source was brought back: {}", whose, recovery.words));
}

/// Before its members had gates on record, a pool told of them among its readings.
void note_former_pool(const Json& status, std::vector<std::string>& notices) {
  if (!status.contains("members")) return;
  ObjectReader reader(status, "source.status");
  for (ObjectReader member : reader.objects("members", 256)) {
    if (!member.has("left")) continue;
    ObjectReader left = member.object("left");
    const std::string why = left.has("words") ? left.text("words") : left.has("detail") ? left.text("detail") : "";
    notices.push_back(fmt::format("a member of the pool left: {}", why));
  }
}

}  // namespace

bool is_utc(std::string_view text) noexcept {
  return fits(text, "9999-99-99T99:99:99Z");
}

bool is_sha256(std::string_view text) noexcept {
  return text.size() == 64 && only(text, lower_hex);
}

void check_batch(const CertifiedBatch& batch, Faults& faults) {
  faults.unless(is_batch_id(batch.id), "the batch id {:.60} is no UUID of version 7", batch.id);
  faults.unless(!batch.order_id.empty() && batch.order_id.size() <= 128, "the order has no id");
  faults.unless(is_sha256(batch.order_sha256), "the order file is not named by its SHA-256");
  faults.unless(is_utc(batch.created), "the batch was created at {:.40}, which is no moment in UTC", batch.created);
  faults.unless(is_sha256(batch.merkle_root), "the Merkle root is no SHA-256");
  faults.unless(batch.all_key_bytes().has_value(), "{} SIMs with {} keys of {} bytes are more than anybody could issue",
                batch.sims, batch.keys_per_sim, batch.key_bytes);
  check_files(batch, faults);
  check_recipients(batch, faults);
}

void check_seed_source(const ExtractorSeedRecord& seed, const SourceInfo& source, Faults& faults) {
  if (seed.origin != ExtractorSeedRecord::Origin::second_source) return;
  faults.unless(seed.source != source.uri, "the extractor's seed comes from the source of its own samples");
  faults.unless(!seed.source.starts_with("pool:") && !seed.source.starts_with("usb:*"),
                "the extractor's seed comes from a pool of which nothing is said: {:.80}", seed.source);
  // A serial port may be a device of the bus: its URI does not say.
  const Provenance best = seed.source.starts_with("tty:") ? Provenance::hardware : best_of_driver(seed.source);
  faults.unless(worst(best, source.provenance) == source.provenance,
                "the extractor's seed comes from {:.80}, which is worse than the source", seed.source);
}

void check_audit(const CertifiedBatch& batch, Faults& faults) {
  if (!batch.audit) return;
  const CertifiedAudit& audit = *batch.audit;
  const KeyAuditSummary& says = audit.says;
  const std::string name = key_audit_name(batch.id);
  faults.unless(audit.name == name, "the audit {:.80} should have the name {}", audit.name, name);
  faults.unless(is_sha256(audit.sha256), "the audit {:.80}: its SHA-256 is none", audit.name);
  faults.unless(audit.bytes > 0 && audit.bytes <= largest_key_audit, "the audit {:.80}: {} bytes are none that one has",
                audit.name, audit.bytes);
  const auto bytes = batch.all_key_bytes();
  faults.unless(bytes && checked_product({*bytes, 8}) == says.bits && says.first_bits == first_bits_of(says.bits),
                "the audit is of {} bits, the first {} of them closely, which is not what it takes of these keys",
                says.bits, says.first_bits);
  faults.unless(says.suites == key_audit_suites(), "the audit is by other suites than audits of keys are");
}

void note_audit(const CertifiedBatch& batch, std::vector<std::string>& notices) {
  if (!batch.audit) return;
  const KeyAuditSummary& says = batch.audit->says;
  if (says.verdict() == AuditOutcome::retest) {
    notices.push_back(
        fmt::format("the audit of the keys says {}; one perfect batch in a thousand looks so", words_for(says)));
  } else if (says.judged() == 0) {
    notices.push_back(fmt::format("the audit of the keys ran no test: {} bits are too few", says.bits));
  }
}

void check_source(const SourceInfo& source, Faults& faults) {
  const bool pool = source.driver == "pool:" || source.driver == "usb:*";
  if (pool) {
    check_pool(source, faults);
  } else {
    const Provenance best = best_of_driver(source.driver);
    faults.unless(worst(best, source.provenance) == source.provenance, "what comes from {:.60} is {} at best, not {}",
                  source.driver, name_of(best), name_of(source.provenance));
  }
  faults.unless(source.claim.bits_per_sample <= source.format.bits,
                "a claim of {} bits is more than a sample of {} has", source.claim.bits_per_sample, source.format.bits);
  faults.unless(
      !source.uri.empty() && !source.driver.empty() && only(source.driver, "abcdefghijklmnopqrstuvwxyz0123456789:-*"),
      "{:.60} is the name of no driver", source.driver);
}

void check_same_text(const Json& again, const Json& given, std::string_view body, Faults& faults) {
  if (const auto difference = first_difference(again, given)) {
    faults.add(fmt::format("made again from its facts the certificate is another: {}", *difference));
  } else if (json_text(again, 1) + "\n" != body) {
    faults.add("the certificate is not written as Lightseed writes it: white space, escapes or numbers differ");
  }
}

namespace {

void note_calibration(const RunRecord& run, std::vector<std::string>& notices) try {
  if (run.binding) notices.push_back(fmt::format("the {} counts, {}", run.binding->binds, run.binding->why));
  if (!is_calibrated(run.source)) return;
  ObjectReader details(run.source.claim.details, "source.claim.details");
  const CalibrationUse use = calibration_use_from(details.object("calibration"));
  const auto created = moment_from(use.created), began = moment_from(run.started);
  if (!created || !began) return;
  notices.push_back(
      fmt::format("the claim rests on a calibration of {}, {:.1f} hours before the run, signed by {}: "
                  "SHA-256 {}",
                  use.created, static_cast<double>(*began - *created) / 3600, use.signer, use.sha256));
  if (use.dark_check) {
    notices.push_back(
        fmt::format("the source was looked at without its light before the first sample, after every {} and "
                    "after the last, and was as noisy as when it was calibrated",
                    use.dark_check->every));
  }
} catch (const Error&) {
  // What cannot be read is a fault, and calibration_faults() says so.
}

}  // namespace

std::vector<std::string> notices_of(const RunRecord& run) {
  std::vector<std::string> notices;
  note_gate("", run.gate.health, notices);
  for (const GatedMember& member : run.gate.members) {
    note_gate(member.uri + ": ", member.health, notices);
    if (member.left) {
      notices.push_back(fmt::format("{} left the pool ({}): {}", member.uri, member.left->state, member.left->words));
    } else if (member.health.samples_admitted == 0) {
      notices.push_back(fmt::format("{} gave nothing to the pool", member.uri));
    }
  }
  note_calibration(run, notices);
  note_former_pool(run.status, notices);
  return notices;
}

}  // namespace lightseed
