// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/json.h"
#include "evidence/expansion_record.h"
#include "evidence/ledger_record.h"
#include "evidence/run_record.h"
#include "provision/certified_batch.h"

namespace lightseed::edition_2 {

inline constexpr std::string_view predicate_type = "urn:lightseed:qrng-key-batch/v2";

/// Which build issued the batch.
struct Software {
  std::string version, commit, compiler, openssl, sqlite;
};

/// The statement of a certificate of edition 2: the records of the run and of the batch, as their rooms made them. The
/// rest – purpose, banner and every fixed sentence – follows from them.
struct Statement {
  CertifiedBatch batch;
  RunRecord run;
  ExpansionRecord expansion;
  LedgerRecord ledger;
  Software software;
};

/// This build.
Software this_software();

/// Reads the records. Throws Error(malformed) with the path of a member that is missing, unknown or impossible.
Statement read_statement(const Json& json);

/// The whole statement that these records give.
Json statement_of(const Statement& statement);

/// Its text, as it is signed.
std::string body_of(const Statement& statement);

}  // namespace lightseed::edition_2
