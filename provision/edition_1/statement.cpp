// SPDX-License-Identifier: Apache-2.0
#include "provision/edition_1/statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "entropy/account.h"
#include "entropy/drbg/random_bits.h"
#include "provision/edition_1/edition_1.h"
#include "provision/edition_1/plan.h"
#include "stats/health/cutoffs.h"

namespace lightseed::edition_1 {
namespace {

constexpr const char* statement_type = "https://in-toto.io/Statement/v1";

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

void read_source(ObjectReader reader, Statement& statement) {
  statement.source = take_source_info(reader);
  statement.started = reader.text("started");
  statement.stopped = reader.text("stopped");
  statement.raw_bytes = reader.count("raw_bytes");
  statement.raw_sha256 = reader.text("raw_sha256");
  statement.status = reader.free_object("status");
  reader.finish();
}

void read_health(ObjectReader reader, Statement::Health& health) {
  health.claim = reader.number("claim_bits_per_sample", 0);
  health.alpha_log2 = reader.number("alpha_log2");
  health.start_up_samples = reader.count("start_up_samples");
  health.start_up_tests_passed = reader.count("start_up_tests_passed");
  health.recoveries = reader.texts("recoveries");
}

void read_extraction(ObjectReader reader, Statement& statement) {
  ObjectReader plan = reader.object("plan");
  statement.input_bits = plan.count("input_bits", 64, 1 << 20);
  statement.log2_epsilon_limit = static_cast<int>(plan.whole("log2_epsilon_limit", -1000, -1));
  statement.seed_sha256 = reader.object("seed").text("sha256");
  statement.blocks_charged = reader.object("epsilon").count("blocks");
}

void read_expansion(ObjectReader reader, Statement::Expansion& expansion) {
  expansion.mode = reader.text("mode");
  if (expansion.mode == "none") return;
  expansion.drbg = reader.text("drbg");
  if (expansion.mode == "rbg2") expansion.bytes_per_seed = reader.count("bytes_per_seed", 1);
}

void read_protection(ObjectReader reader, CertifiedBatch& batch) {
  for (ObjectReader file : reader.objects("files")) {
    KeyFile one;
    one.name = file.text("name");
    one.outlet = file.text("side");
    one.bytes = file.count("bytes");
    one.blocks = file.count("blocks");
    file.finish();
    batch.files.push_back(std::move(one));
  }
  batch.recipients = {{"card", recipient_record_from(reader.object("card_recipient"))},
                      {"network", recipient_record_from(reader.object("network_recipient"))}};
  batch.signer = signer_record_from(reader.object("signer"));
}

void read_software(ObjectReader reader, Statement::Software& software) {
  software.version = reader.text("version");
  software.commit = reader.text("commit");
  software.compiler = reader.text("compiler");
  ObjectReader libraries = reader.object("libraries");
  software.openssl = libraries.text("openssl");
  software.sqlite = libraries.text("sqlite");
}

// ---- making it again

Json health_json(const Statement& statement) {
  const Statement::Health& health = statement.health;
  const std::uint32_t window = health::adaptive_proportion_window(statement.source.format.bits);
  return Json{
      {"standard", "NIST SP 800-90B 4.3, 4.4"},
      {"claim_bits_per_sample", health.claim},
      {"alpha_log2", health.alpha_log2},
      {"repetition_count", {{"cutoff", health::repetition_count_cutoff(health.claim, health.alpha_log2)}}},
      {"adaptive_proportion",
       {{"window", window}, {"cutoff", health::adaptive_proportion_cutoff(window, health.claim, health.alpha_log2)}}},
      {"start_up_samples", health.start_up_samples},
      {"start_up_tests_passed", health.start_up_tests_passed},
      {"samples_admitted", statement.source.format.samples_in(statement.raw_bytes)},
      {"alarm", nullptr},
      {"recoveries", health.recoveries}};
}

Json plan_json(const ExtractionPlan& plan) {
  return Json{{"input_bits", plan.input_bits},
              {"output_bits", plan.output_bits},
              {"samples_per_block", plan.samples},
              {"bits_per_sample", plan.bits_per_sample},
              {"min_entropy_per_block", plan.min_entropy},
              {"blocks", plan.blocks},
              {"log2_epsilon_block", plan.log2_epsilon_block},
              {"log2_epsilon_limit", plan.log2_epsilon_limit},
              {"rule",
               "m = floor(k + 2 log2 epsilon) rounded down to a multiple of 64; "
               "blocks * epsilon <= 2^limit (union bound, one independent seed)"},
              {"source", "leftover hash lemma, arXiv:1002.2436; without its +2, arXiv:2402.09481"}};
}

Json extractor_json(const Statement& statement, const ExtractionPlan& plan) {
  EpsilonAccount account(statement.log2_epsilon_limit);
  account.charge(plan.log2_epsilon_block, statement.blocks_charged);
  return Json{{"name", "modified-toeplitz"},
              {"plan", plan_json(plan)},
              {"seed",
               {{"origin", "operating system generator (getrandom), fresh for this batch, never published"},
                {"bits", plan.input_bits},
                {"sha256", statement.seed_sha256}}},
              {"epsilon",
               {{"rule", "sum of count * 2^log2_epsilon"},
                {"limit_log2", static_cast<double>(statement.log2_epsilon_limit)},
                {"total_log2", account.total_log2()},
                {"blocks", account.blocks()},
                {"charges",
                 {{{"what", "blocks"},
                   {"log2_epsilon", static_cast<double>(plan.log2_epsilon_block)},
                   {"count", statement.blocks_charged}}}}}}};
}

std::uint64_t pieces(std::uint64_t bytes, std::uint64_t piece) noexcept {
  return bytes / piece + (bytes % piece != 0 ? 1 : 0);
}

RandomBits::Settings settings_of(const Statement::Expansion& expansion) {
  RandomBits::Settings settings;
  if (expansion.mode == "none") return settings;
  settings.construction = construction_from(expansion.mode);
  settings.drbg = expansion.drbg;
  if (settings.construction == Construction::rbg2) settings.bytes_per_seed = expansion.bytes_per_seed;
  const auto& names = Drbg::names();
  if (settings.construction == Construction::full_entropy || settings.drbg == "ctr-aes-128" ||
      std::find(names.begin(), names.end(), settings.drbg) == names.end()) {
    throw Error(Category::verdict, fmt::format("expansion: mode {} with {} is no construction of 256 bits",
                                               expansion.mode, expansion.drbg));
  }
  return settings;
}

std::uint64_t key_bytes_of(const CertifiedBatch& batch) {
  const auto key_bytes = batch.all_key_bytes();
  if (!key_bytes) {
    throw Error(Category::verdict, "predicate.batch: SIMs, keys and bytes multiply to more than anybody could issue");
  }
  return *key_bytes;
}

Json expansion_json(const RandomBits::Settings& settings, std::uint64_t bytes) {
  if (settings.construction == Construction::full_entropy) {
    return Json{{"mode", "none"}, {"words", "full entropy: every bit comes from the extractor"}};
  }
  const char* words = "full entropy: extractor output XOR an independent DRBG (SP 800-90C, RBG3(XOR))";
  std::uint64_t reseeds = 0;
  if (settings.construction == Construction::rbg3_rs) {
    words = "full entropy: a DRBG reseeded with s + 64 bits for every s bits (SP 800-90C, RBG3(RS))";
    reseeds = pieces(bytes, 32);
  }
  if (settings.construction == Construction::rbg2) {
    words = "expanded: a DRBG seeded with full entropy; computational security (SP 800-90C, RBG2(P))";
    reseeds = pieces(bytes, settings.bytes_per_seed) - 1;
  }
  Json json{{"mode", name_of(settings.construction)},
            {"words", words},
            {"drbg", settings.drbg},
            {"strength_bits", 256},
            {"bytes", bytes},
            {"full_entropy_bytes", RandomBits::entropy_bytes(settings, bytes)},
            {"reseeds", reseeds}};
  if (settings.construction == Construction::rbg2) json["bytes_per_seed"] = settings.bytes_per_seed;
  return json;
}

Json limits_json(Provenance provenance, const std::string& mode) {
  Json limits = Json::array();
  if (mode == "rbg2") {
    limits.push_back("The keys are longer than the entropy behind them: they are as strong as their DRBG, 256 bits.");
  }
  if (provenance == Provenance::simulated) {
    limits.push_back("The source was a simulator: the keys hold no entropy beyond its seed. They are for tests only.");
  }
  if (provenance == Provenance::recorded) {
    limits.push_back("The source was a recording, which may have been used before. The keys are for tests only.");
  }
  for (const char* const sentence :
       {"The min-entropy claim holds if the source behaves as its model and assumptions say.",
        "Statistical and health tests can find a broken source; they cannot prove entropy.",
        "The extractor's error bound holds if its seed is uniform and independent of the source.",
        "This is not quantum key distribution: the keys travel in the named files, as safe as their encryption.",
        "Certified means signed evidence that can be checked; it is no accreditation under GSMA SAS, FIPS 140, "
        "GM/T 0005 or any other scheme."}) {
    limits.push_back(sentence);
  }
  return limits;
}

Json keys_json(const CertifiedBatch& batch, const std::string& mode) {
  return Json{
      {"derivation", fmt::format("consecutive slices of the {} output, block after block",
                                 mode == "none" ? "extractor's" : "expansion's")},
      {"duplicate_scan", {{"scope", "all keys of a file, exact"}, {"duplicates", 0}}},
      {"merkle",
       {{"hash", "SHA-256"},
        {"tree", "RFC 6962 section 2.1"},
        {"leaf", "0x00 || salt (16) || block id (16) || ICCID (20, 'F' padded) || keys; salts are in the key files"},
        {"leaves", batch.sims},
        {"root", batch.merkle_root}}}};
}

Json protection_json(const CertifiedBatch& batch) {
  Json files = Json::array();
  for (const KeyFile& file : batch.files)
    files.push_back({{"name", file.name}, {"side", file.outlet}, {"bytes", file.bytes}, {"blocks", file.blocks}});
  return Json{{"container", "CMS AuthEnvelopedData (AES-256-GCM) over SignedData (ECDSA P-384, SHA-384) over RFC 6031"},
              {"file_mode", "0600"},
              {"files", std::move(files)},
              {"card_recipient", to_json(in_edition_1(batch.recipients.at(0).record))},
              {"network_recipient", to_json(in_edition_1(batch.recipients.at(1).record))},
              {"signer", to_json(batch.signer)}};
}

Json source_json(const Statement& statement) {
  Json source = to_json(statement.source);
  source["started"] = statement.started;
  source["stopped"] = statement.stopped;
  source["raw_bytes"] = statement.raw_bytes;
  source["raw_sha256"] = statement.raw_sha256;
  source["status"] = statement.status;
  return source;
}

}  // namespace

Statement read_statement(const Json& json) {
  Statement statement;
  CertifiedBatch& batch = statement.batch;
  batch.edition = 1;
  ObjectReader reader(json, "");
  ObjectReader predicate = reader.object("predicate");
  read_batch(predicate.object("batch"), batch);
  read_source(predicate.object("source"), statement);
  batch.provenance = statement.source.provenance;
  ObjectReader entropy = predicate.object("entropy");
  statement.measured = min_entropy_from(entropy.object("measured"));
  statement.used_bits_per_sample = entropy.number("used_bits_per_sample", 0, 16);
  read_health(predicate.object("health"), statement.health);
  read_extraction(predicate.object("extractor"), statement);
  read_expansion(predicate.object("expansion"), statement.expansion);
  batch.merkle_root = predicate.object("keys").object("merkle").text("root");
  read_protection(predicate.object("protection"), batch);
  read_software(predicate.object("software"), statement.software);

  std::vector<ObjectReader> subjects = reader.objects("subject");
  if (subjects.size() != batch.files.size()) reader.fail("subject", "it does not name each file once");
  for (std::size_t i = 0; i < subjects.size(); ++i)
    batch.files[i].sha256 = subjects[i].object("digest").text("sha256");
  return statement;
}

std::uint64_t entropy_bytes_of(const Statement& statement) {
  return RandomBits::entropy_bytes(settings_of(statement.expansion), key_bytes_of(statement.batch));
}

ExtractionPlan plan_of(const Statement& statement) {
  return plan_extraction(statement.used_bits_per_sample, statement.source.format, entropy_bytes_of(statement) * 8,
                         statement.log2_epsilon_limit, statement.input_bits);
}

Json statement_of(const Statement& statement) {
  const CertifiedBatch& batch = statement.batch;
  const ExtractionPlan plan = plan_of(statement);
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
  predicate["source"] = source_json(statement);
  predicate["entropy"] = {{"modelled", to_json(statement.source.claim)},
                          {"measured", to_json(statement.measured)},
                          {"used_bits_per_sample", statement.used_bits_per_sample},
                          {"rule", "the lower of the model's claim and the measurement on raw samples of this run"}};
  predicate["health"] = health_json(statement);
  predicate["extractor"] = extractor_json(statement, plan);
  predicate["expansion"] = expansion_json(settings_of(statement.expansion), key_bytes_of(batch));
  predicate["keys"] = keys_json(batch, statement.expansion.mode);
  predicate["protection"] = protection_json(batch);
  predicate["software"] = {
      {"name", "lightseed"},
      {"version", statement.software.version},
      {"commit", statement.software.commit},
      {"compiler", statement.software.compiler},
      {"libraries", {{"openssl", statement.software.openssl}, {"sqlite", statement.software.sqlite}}}};
  predicate["limits"] = limits_json(batch.provenance, statement.expansion.mode);
  return Json{{"_type", statement_type},
              {"subject", std::move(subjects)},
              {"predicateType", predicate_type},
              {"predicate", std::move(predicate)}};
}

}  // namespace lightseed::edition_1
