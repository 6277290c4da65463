// SPDX-License-Identifier: Apache-2.0
#include "provision/edition_2/statement.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include "core/version.h"
#include "entropy/drbg/random_bits.h"
#include "evidence/json_text.h"

namespace lightseed::edition_2 {
namespace {

constexpr const char* in_toto_statement = "https://in-toto.io/Statement/v1";
constexpr const char* container =
    "CMS AuthEnvelopedData (AES-256-GCM) over id-data: SignedData (ECDSA P-384, SHA-384) over RFC 6031";

// ---- reading

void read_batch(ObjectReader reader, CertifiedBatch& batch) {
  batch.id = reader.text("id");
  ObjectReader order = reader.object("order");
  batch.order_id = order.text("id");
  batch.order_sha256 = order.text("sha256");
  order.finish();
  batch.sims = reader.count("sims", 1);
  batch.keys_per_sim = reader.count("keys_per_sim", 1);
  batch.key_bytes = reader.count("key_bytes", 16, 64);
  batch.created = reader.text("created");
  reader.finish();
}

void read_protection(ObjectReader reader, CertifiedBatch& batch) {
  for (ObjectReader file : reader.objects("files")) {
    KeyFile one;
    one.name = file.text("name");
    one.outlet = file.text("outlet");
    one.bytes = file.count("bytes");
    one.blocks = file.count("blocks");
    file.finish();
    batch.files.push_back(std::move(one));
  }
  for (ObjectReader recipient : reader.objects("recipients", 16)) {
    std::string outlet = recipient.text("outlet");
    batch.recipients.push_back({std::move(outlet), recipient_record_from(recipient.object("encrypted_for"))});
    recipient.finish();
  }
  batch.signer = signer_record_from(reader.object("signer"));
  if (reader.has("second_signer")) batch.second_signer = signer_record_from(reader.object("second_signer"));
  if (reader.has("third_signer")) batch.third_signer = signer_record_from(reader.object("third_signer"));
  if (reader.has("releaser")) batch.releaser = signer_record_from(reader.object("releaser"));
}

CertifiedAudit read_audit(ObjectReader reader) {
  CertifiedAudit audit;
  ObjectReader file = reader.object("file");
  audit.name = file.text("name");
  audit.bytes = file.count("bytes");
  audit.sha256 = file.text("sha256");
  file.finish();
  audit.says = take_key_audit_summary(reader);
  reader.finish();
  return audit;
}

Software read_software(ObjectReader reader) {
  Software software;
  software.version = reader.text("version");
  software.commit = reader.text("commit");
  software.compiler = reader.text("compiler");
  ObjectReader libraries = reader.object("libraries");
  software.openssl = libraries.text("openssl");
  software.sqlite = libraries.text("sqlite");
  return software;
}

// ---- making it again

/// What the figures of a run mean, in sentences.
Json rules_json(const Statement& statement) {
  const RunRecord& run = statement.run;
  const bool second_seed = run.extraction.seed.origin == ExtractorSeedRecord::Origin::second_source;
  return Json{
      {"min_entropy",
       run.binding
           ? "h is the source's claim, which rests on a calibration of this unit: bits of a sample given all samples "
             "before it and the side information for which the claim holds. The measurement on raw samples of this run "
             "was lower, and did not count: entropy.binding says why. Only the claim carries the promise."
           : "h is the lower of the source's claim and the measurement on raw samples of this run: bits of a sample "
             "given "
             "all "
             "samples before it and the side information for which the claim holds. Only the claim carries the "
             "promise; the "
             "measurement can lower it, not prove it."},
      {"extraction",
       "a block of s samples holds k = s h bits; the extractor's output is within epsilon of uniform given its seed "
       "and "
       "that side information, and the blocks' distances add up (union bound, one seed independent of the source)."},
      {"seed",
       second_seed
           ? "computationally uniform: the operating system's generator, XOR bits extracted from the second source, "
             "whose "
             "own distance from uniform is charged. It may be published now that the last raw sample has been read."
           : "computationally uniform: the operating system's generator. It may be published now that the last raw "
             "sample "
             "has been read."},
      {"digests",
       "Of raw samples that make keys no digest is published. The digest given is of the samples that were assessed, "
       "which "
       "make none. The Merkle root and the files' digests hide keys from bounded computing power only."},
      {"expansion", words_for(RandomBits::settings_from(statement.expansion).construction)}};
}

Json limits_json(const Statement& statement) {
  Json limits = Json::array();
  if (statement.expansion.mode == "rbg2") {
    limits.push_back("The keys are longer than the entropy behind them: they are as strong as their DRBG, 256 bits.");
  }
  if (statement.batch.provenance == Provenance::simulated) {
    limits.push_back("The source was a simulator: the keys hold no entropy beyond its seed. They are for tests only.");
  }
  if (statement.batch.provenance == Provenance::recorded) {
    limits.push_back("The source was a recording, or nobody knows what it was. The keys are for tests only.");
  }
  for (const char* const sentence :
       {"The min-entropy claim holds if the source behaves as its model and assumptions say.",
        "Statistical and health tests can find a broken source; they cannot prove entropy.",
        "The extractor's bound holds against side information for which the claim holds, and with a seed that is "
        "uniform "
        "and independent of the source; the seed is uniform to bounded computing power.",
        "This is not quantum key distribution: the keys travel in the named files, as safe as their encryption.",
        "Certified means signed evidence that can be checked; it is no accreditation under GSMA SAS, FIPS 140, "
        "GM/T 0005 or any other scheme."}) {
    limits.push_back(sentence);
  }
  return limits;
}

Json keys_json(const Statement& statement) {
  return Json{
      {"derivation", fmt::format("consecutive slices of the {} output, block after block",
                                 statement.expansion.mode == "none" ? "extractor's" : "expansion's")},
      {"duplicate_scan", {{"scope", "all keys of a file, exact"}, {"duplicates", 0}}},
      {"merkle",
       {{"hash", "SHA-256"},
        {"tree", "RFC 6962 section 2.1"},
        {"leaf", "0x00 || salt (16) || block id (16) || ICCID (20, 'F' padded) || keys; salts are in the key files"},
        {"leaves", statement.batch.sims},
        {"root", statement.batch.merkle_root}}}};
}

Json protection_json(const CertifiedBatch& batch) {
  Json files = Json::array(), recipients = Json::array();
  for (const KeyFile& file : batch.files)
    files.push_back({{"name", file.name}, {"outlet", file.outlet}, {"bytes", file.bytes}, {"blocks", file.blocks}});
  for (const CertifiedRecipient& recipient : batch.recipients)
    recipients.push_back({{"outlet", recipient.outlet}, {"encrypted_for", to_json(recipient.record)}});
  Json protection{{"container", container},
                  {"file_mode", "0600"},
                  {"files", std::move(files)},
                  {"recipients", std::move(recipients)},
                  {"signer", to_json(batch.signer)}};
  if (batch.second_signer) protection["second_signer"] = to_json(*batch.second_signer);
  if (batch.third_signer) protection["third_signer"] = to_json(*batch.third_signer);
  if (batch.releaser) protection["releaser"] = to_json(*batch.releaser);
  return protection;
}

Json audit_json(const CertifiedAudit& audit) {
  Json json{{"file", {{"name", audit.name}, {"bytes", audit.bytes}, {"sha256", audit.sha256}}}};
  json.update(to_json(audit.says));
  return json;
}

}  // namespace

Software this_software() {
  return {.version = std::string(version()),
          .commit = std::string(commit()),
          .compiler = __VERSION__,
          .openssl = OpenSSL_version(OPENSSL_FULL_VERSION_STRING),
          .sqlite = sqlite3_libversion()};
}

Statement read_statement(const Json& json) {
  Statement statement;
  CertifiedBatch& batch = statement.batch;
  batch.edition = 2;
  ObjectReader reader(json, "");
  ObjectReader predicate = reader.object("predicate");
  read_batch(predicate.object("batch"), batch);
  statement.run = take_run_record(predicate);
  batch.provenance = statement.run.source.provenance;
  statement.expansion = expansion_record_from(predicate.object("expansion"));
  batch.merkle_root = predicate.object("keys").object("merkle").text("root");
  if (predicate.has("audit")) batch.audit = read_audit(predicate.object("audit"));
  read_protection(predicate.object("protection"), batch);
  statement.ledger = ledger_record_from(predicate.object("ledger"));
  batch.previous_certificate_sha256 = statement.ledger.previous_certificate_sha256;
  statement.software = read_software(predicate.object("software"));
  std::vector<ObjectReader> subjects = reader.objects("subject");
  if (subjects.size() != batch.files.size()) reader.fail("subject", "it does not name each file once");
  for (std::size_t i = 0; i < subjects.size(); ++i)
    batch.files[i].sha256 = subjects[i].object("digest").text("sha256");
  return statement;
}

Json statement_of(const Statement& statement) {
  const CertifiedBatch& batch = statement.batch;
  Json subjects = Json::array();
  for (const KeyFile& file : batch.files)
    subjects.push_back({{"name", file.name}, {"digest", {{"sha256", file.sha256}}}});
  Json predicate{{"purpose", purpose_of(batch.provenance)}};
  if (const auto words = banner(batch.provenance); !words.empty()) predicate["banner"] = words;
  predicate["batch"] = {{"id", batch.id},
                        {"order", {{"id", batch.order_id}, {"sha256", batch.order_sha256}}},
                        {"sims", batch.sims},
                        {"keys_per_sim", batch.keys_per_sim},
                        {"key_bytes", batch.key_bytes},
                        {"created", batch.created}};
  predicate.update(to_json(statement.run));
  predicate["expansion"] = to_json(statement.expansion);
  predicate["rules"] = rules_json(statement);
  predicate["keys"] = keys_json(statement);
  if (batch.audit) predicate["audit"] = audit_json(*batch.audit);
  predicate["protection"] = protection_json(batch);
  predicate["ledger"] = to_json(statement.ledger);
  const Software& software = statement.software;
  predicate["software"] = {{"name", "lightseed"},
                           {"version", software.version},
                           {"commit", software.commit},
                           {"compiler", software.compiler},
                           {"libraries", {{"openssl", software.openssl}, {"sqlite", software.sqlite}}}};
  predicate["limits"] = limits_json(statement);
  return Json{{"_type", in_toto_statement},
              {"subject", std::move(subjects)},
              {"predicateType", predicate_type},
              {"predicate", std::move(predicate)}};
}

std::string body_of(const Statement& statement) {
  return json_text(statement_of(statement), 1) + "\n";
}

}  // namespace lightseed::edition_2
