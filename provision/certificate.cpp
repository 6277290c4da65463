#include "provision/certificate.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include "core/error.h"
#include "core/version.h"
#include "entropy/drbg/random_bits.h"
#include "pipeline/key_stream.h"

namespace lightseed {
namespace {

constexpr const char* statement_type = "https://in-toto.io/Statement/v1";

/// What the certificate does not say, in plain sentences.
Json limits_of(Provenance provenance, const Json& expansion) {
  Json limits = Json::array();
  if (expansion.at("mode") == name_of(Construction::rbg2)) {
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

Json software() {
  return Json{
      {"name", "lightseed"},
      {"version", version()},
      {"commit", commit()},
      {"compiler", __VERSION__},
      {"libraries", {{"openssl", OpenSSL_version(OPENSSL_FULL_VERSION_STRING)}, {"sqlite", sqlite3_libversion()}}}};
}

/// What the keys took from the extractor, if the expansion's figures fit the keys; else a fault and the keys' own
/// length.
std::uint64_t checked_entropy_bytes(const Json& expansion, std::uint64_t key_bytes,
                                    std::vector<std::string>& faults) try {
  const RandomBits::Settings settings = RandomBits::settings_from(expansion);
  if (expansion != RandomBits::evidence_of(settings, key_bytes)) {
    faults.push_back(fmt::format("the expansion's figures do not follow from its mode and {} key bytes", key_bytes));
  }
  return RandomBits::entropy_bytes(settings, key_bytes);
} catch (const Error& e) {
  faults.push_back(fmt::format("the expansion is unknown: {}", e.what()));
  return key_bytes;
}

}  // namespace

const char* purpose_of(Provenance provenance) noexcept {
  return fit_for_production(provenance) ? "PRODUCTION" : "TEST";
}

std::string certificate_body(const CertificateContent& content) {
  Json subjects = Json::array();
  Json files = Json::array();
  for (const KeyFile& file : content.files) {
    subjects.push_back({{"name", file.name}, {"digest", {{"sha256", file.sha256}}}});
    files.push_back({{"name", file.name}, {"side", file.side}, {"bytes", file.bytes}, {"blocks", file.blocks}});
  }
  Json predicate{{"purpose", purpose_of(content.provenance)}};
  if (const auto words = banner(content.provenance); !words.empty()) predicate["banner"] = words;
  predicate["batch"] = {{"id", content.batch},
                        {"order", content.order},
                        {"sims", content.sims},
                        {"keys_per_sim", content.keys_per_sim},
                        {"key_bytes", content.key_bytes},
                        {"created", content.created}};
  predicate["source"] = content.evidence.at("source");
  predicate["entropy"] = content.evidence.at("entropy");
  predicate["health"] = content.evidence.at("health");
  predicate["extraction"] = content.evidence.at("extraction");
  predicate["expansion"] = content.expansion;
  const bool expanded = content.expansion.at("mode") != "none";
  predicate["keys"] = {
      {"derivation",
       fmt::format("consecutive slices of the {} output, block after block", expanded ? "expansion's" : "extractor's")},
      {"duplicate_scan", {{"scope", "all keys of a file, exact"}, {"duplicates", 0}}},
      {"merkle",
       {{"hash", "SHA-256"},
        {"tree", "RFC 6962 section 2.1"},
        {"leaf", "0x00 || salt (16) || block id (16) || ICCID (20, 'F' padded) || keys; salts are in the key files"},
        {"leaves", content.sims},
        {"root", content.merkle_root}}}};
  predicate["protection"] = {
      {"container", "CMS AuthEnvelopedData (AES-256-GCM) over SignedData (ECDSA P-384, SHA-384) over RFC 6031"},
      {"file_mode", "0600"},
      {"files", files},
      {"card_recipient", content.card_recipient},
      {"network_recipient", content.network_recipient},
      {"signer", content.signer}};
  predicate["software"] = software();
  predicate["limits"] = limits_of(content.provenance, content.expansion);
  const Json statement{{"_type", statement_type},
                       {"subject", subjects},
                       {"predicateType", certificate_predicate_type},
                       {"predicate", predicate}};
  return statement.dump(1) + "\n";
}

CertificateReading read_certificate(const std::string& body, const CheckAssessment& check_assessment) try {
  const Json statement = Json::parse(body);
  if (statement.at("_type") != statement_type || statement.at("predicateType") != certificate_predicate_type) {
    throw Error(Category::verdict, "the certificate is for something else, not for a key batch");
  }
  const Json& predicate = statement.at("predicate");
  CertificateReading reading;
  const auto fault_unless = [&](bool good, std::string text) {
    if (!good) reading.faults.push_back(std::move(text));
  };

  const auto provenance = provenance_from(predicate.at("source").at("provenance").get<std::string>());
  if (!provenance) throw Error(Category::verdict, "the certificate states no known provenance");
  reading.provenance = *provenance;
  reading.purpose = predicate.at("purpose").get<std::string>();
  fault_unless(reading.purpose == purpose_of(*provenance),
               fmt::format("purpose {} does not fit a {} source", reading.purpose, name_of(*provenance)));
  fault_unless(predicate.value("banner", "") == banner(*provenance), "the banner of its provenance is missing");

  const Json& batch = predicate.at("batch");
  reading.batch = batch.at("id").get<std::string>();
  reading.sims = batch.at("sims").get<std::uint64_t>();
  reading.keys_per_sim = batch.at("keys_per_sim").get<std::uint64_t>();
  reading.key_bytes = batch.at("key_bytes").get<std::uint64_t>();
  const std::uint64_t key_bytes = reading.sims * reading.keys_per_sim * reading.key_bytes;
  const std::uint64_t entropy_bytes = checked_entropy_bytes(predicate.at("expansion"), key_bytes, reading.faults);
  for (std::string& fault : faults_of_evidence(predicate, entropy_bytes * 8))
    reading.faults.push_back(std::move(fault));
  for (std::string& fault : check_assessment(predicate.at("entropy").at("measured"))) {
    reading.faults.push_back(std::move(fault));
  }
  const Json& merkle = predicate.at("keys").at("merkle");
  reading.merkle_root = merkle.at("root").get<std::string>();
  fault_unless(merkle.at("leaves").get<std::uint64_t>() == reading.sims, "the Merkle tree has not one leaf a SIM");

  const Json& files = predicate.at("protection").at("files");
  const Json& subjects = statement.at("subject");
  fault_unless(files.size() == subjects.size() && !files.empty(), "files and subjects do not match");
  std::uint64_t blocks[2] = {};
  for (std::size_t i = 0; i < files.size() && i < subjects.size(); ++i) {
    KeyFile file{.name = files[i].at("name").get<std::string>(),
                 .side = files[i].at("side").get<std::string>(),
                 .sha256 = subjects[i].at("digest").at("sha256").get<std::string>(),
                 .bytes = files[i].at("bytes").get<std::uint64_t>(),
                 .blocks = files[i].at("blocks").get<std::uint64_t>()};
    // A name with a directory in it could point the verifier anywhere.
    fault_unless(file.name == subjects[i].at("name") && file.name.find('/') == std::string::npos &&
                     (file.side == "card" || file.side == "network"),
                 fmt::format("file {} is not described as a key file of this batch", file.name));
    blocks[file.side == "card" ? 0 : 1] += file.blocks;
    reading.files.push_back(std::move(file));
  }
  fault_unless(blocks[0] == reading.sims && blocks[1] == reading.sims,
               "the files of card and network side do not each hold one block a SIM");
  return reading;
} catch (const Json::exception& e) {
  throw Error(Category::verdict, fmt::format("the certificate is malformed: {}", e.what()));
}

}  // namespace lightseed
