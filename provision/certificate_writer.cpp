// SPDX-License-Identifier: Apache-2.0
#include "provision/certificate_writer.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include "core/version.h"
#include "entropy/drbg/random_bits.h"

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

}  // namespace

std::string certificate_body(const CertificateContent& content) {
  Json subjects = Json::array();
  Json files = Json::array();
  for (const KeyFile& file : content.files) {
    subjects.push_back({{"name", file.name}, {"digest", {{"sha256", file.sha256}}}});
    files.push_back({{"name", file.name}, {"side", file.outlet}, {"bytes", file.bytes}, {"blocks", file.blocks}});
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
                       {"predicateType", "urn:lightseed:qrng-key-batch/v1"},
                       {"predicate", predicate}};
  return statement.dump(1) + "\n";
}

}  // namespace lightseed
