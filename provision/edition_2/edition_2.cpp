// SPDX-License-Identifier: Apache-2.0
#include "provision/edition_2/edition_2.h"

#include <fmt/format.h>

#include "core/checked.h"
#include "core/error.h"
#include "entropy/drbg/random_bits.h"
#include "pipeline/measure.h"
#include "pipeline/run_faults.h"
#include "provision/cross_checks.h"
#include "provision/edition_2/statement.h"

namespace lightseed::edition_2 {
namespace {

/// Key bits, what the expansion took for them, and the run that gave it.
void check_run(const Statement& statement, Faults& faults) {
  const auto key_bytes = statement.batch.all_key_bytes();
  if (!key_bytes) return;  // check_batch() has said so
  const RandomBits::Settings settings = RandomBits::settings_from(statement.expansion);
  faults.unless(statement.expansion == RandomBits::record_of(settings, *key_bytes),
                "the expansion's figures do not follow from its mode and {} key bytes", *key_bytes);
  faults.add(faults_of_measurement(statement.run.measured, statement.run.source.format));
  faults.add(run_faults(statement.run, RandomBits::entropy_bytes(settings, *key_bytes) * 8));
}

void check_ledger(const Statement& statement, Faults& faults) {
  const LedgerRecord& ledger = statement.ledger;
  faults.unless(checked_sum(ledger.first_charges, ledger.top_ups) == statement.batch.sims,
                "the ledger counts {} first charges and {} top-ups, and the batch has {} SIMs", ledger.first_charges,
                ledger.top_ups, statement.batch.sims);
  faults.unless(
      is_sha256(ledger.position.chain_head) && ledger.position.sequence > 0 && ledger.position.ledger_id.size() == 36,
      "the ledger's position is none");
}

/// From this edition on a recipient's key and the way a key file names its certificate are said.
void check_recipient_keys(const Statement& statement, Faults& faults) {
  for (const CertifiedRecipient& recipient : statement.batch.recipients) {
    const RecipientRecord& record = recipient.record;
    faults.unless(record.kind == RecipientRecord::Kind::key_encryption_key ||
                      (!record.public_key.empty() && !record.identifier.empty() &&
                       record.identified_by != RecipientRecord::Identifier::none),
                  "the {} recipient's key, or its identifier, is not said", recipient.outlet);
  }
}

void check_dates(const Statement& statement, Faults& faults) {
  const RunRecord& run = statement.run;
  faults.unless(is_utc(run.started) && is_utc(run.stopped) && run.started <= statement.batch.created &&
                    statement.batch.created <= run.stopped,
                "the run went from {:.40} to {:.40}, and the batch was created at {:.40}", run.started, run.stopped,
                statement.batch.created);
}

}  // namespace

CertificateReading read(const Json& json, std::string_view body) {
  const Statement statement = read_statement(json);
  const RunRecord& run = statement.run;
  CertificateReading reading;
  reading.batch = statement.batch;
  reading.strength = {.log2_epsilon = run.extraction.log2_epsilon_limit,
                      .bits_per_sample = run.extraction.bits_per_sample,
                      .alpha_log2 = alpha_log2_of(run.gate),
                      .extractor = run.extraction.extractor,
                      .binding = run.binding ? run.binding->binds : "lower",
                      .expansion = statement.expansion.mode,
                      .assessed_samples = assessed_samples_of(run.measured),
                      .started = run.started,
                      .stopped = run.stopped};
  reading.notices = notices_of(run);
  note_audit(statement.batch, reading.notices);
  Faults faults;
  check_batch(statement.batch, faults);
  check_audit(statement.batch, faults);
  check_source(run.source, faults);
  check_seed_source(run.extraction.seed, run.source, faults);
  check_recipient_keys(statement, faults);
  check_ledger(statement, faults);
  check_dates(statement, faults);
  for (const std::string& digest : {run.assessed_sha256, run.extraction.seed.sha256})
    faults.unless(is_sha256(digest), "{:.70} is no SHA-256", digest);
  if (faults.none()) {
    reading.checks.emplace_back("names, digests, dates and counts have their form and fit each other");
    reading.checks.emplace_back("provenance follows from the driver, the claim is no larger than a sample");
  }
  Faults run_checks;
  try {
    check_run(statement, run_checks);
    if (run_checks.none()) {
      reading.checks.emplace_back(
          "claim, measurement, cut-offs, alarms, plan, expansion and epsilon follow from the evidence, computed again");
    }
    faults.add(run_checks.take());
    check_same_text(statement_of(statement), json, body, faults);
  } catch (const Error& error) {
    faults.add(fmt::format("the certificate's figures contradict each other: {}", error.what()));
  }
  if (faults.none())
    reading.checks.emplace_back("edition 2, made again from its records, is the same text to the letter");
  reading.faults = faults.take();
  return reading;
}

}  // namespace lightseed::edition_2
