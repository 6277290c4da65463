// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"
#include "evidence/min_entropy.h"
#include "evidence/source_info.h"
#include "provision/certified_batch.h"
#include "provision/edition_1/plan.h"

namespace lightseed::edition_1 {

/// The statement of a certificate of edition 1 (Lightseed 0.1, predicate urn:lightseed:qrng-key-batch/v1).
///
/// It holds the facts that only the issuing run could know. Everything else in a certificate – purpose and banner,
/// cut-offs, the plan, the account of epsilon, what an expansion took, every fixed sentence – follows from them, and
/// statement_of() makes it again. A certificate is good when that gives the very text that was signed. Because such
/// certificates exist, nothing in this folder may change what is said: a reworded sentence belongs to a new edition.
struct Statement {
  CertifiedBatch batch;  ///< names, counts, files, recipients, signer, root
  SourceInfo source;
  std::string started, stopped;  ///< RFC 3339
  std::uint64_t raw_bytes = 0;
  std::string raw_sha256;
  Json status;  ///< the device's own readings
  MinEntropy measured;
  double used_bits_per_sample = 0;

  struct Health {
    double claim = 0;  ///< bits per sample the tests assumed
    double alpha_log2 = 0;
    std::uint64_t start_up_samples = 0;
    std::uint64_t start_up_tests_passed = 0;
    std::vector<std::string> recoveries;
  } health;

  std::size_t input_bits = 0;  ///< n
  int log2_epsilon_limit = 0;
  std::string seed_sha256;
  std::uint64_t blocks_charged = 0;

  struct Expansion {
    std::string mode = "none";  ///< or rbg3-xor, rbg3-rs, rbg2
    std::string drbg;
    std::uint64_t bytes_per_seed = 0;  ///< rbg2 alone
  } expansion;

  struct Software {
    std::string version, commit, compiler, openssl, sqlite;
  } software;
};

/// Reads the facts. Throws Error(malformed) with the path of a member that is missing, unknown or impossible.
Statement read_statement(const Json& json);

/// Bytes that the extractor gave for the keys: all of them, or what the expansion took. Throws Error(verdict) where
/// SIMs, keys and bytes multiply to more than anybody could issue, or the construction does not exist.
std::uint64_t entropy_bytes_of(const Statement& statement);

/// How the extractor gave them. Throws as entropy_bytes_of(), and Error(refused) for a claim from which nothing comes.
ExtractionPlan plan_of(const Statement& statement);

/// The whole statement that these facts give. Throws Error(verdict) where they give none: a claim from which nothing
/// can be extracted, counts that overflow, a construction that does not exist.
Json statement_of(const Statement& statement);

}  // namespace lightseed::edition_1
