// SPDX-License-Identifier: Apache-2.0
#include "provision/edition_1/edition_1.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/checked.h"
#include "core/error.h"
#include "pipeline/measure.h"
#include "provision/cross_checks.h"
#include "provision/edition_1/statement.h"

namespace lightseed::edition_1 {
namespace {

constexpr std::uint64_t assessed_samples = 1'000'000;  // what edition 1 assessed in every run

/// The measurement, the claim and what was used of them.
void check_entropy(const Statement& statement, Faults& faults) {
  const double used = statement.used_bits_per_sample;
  const double modelled = statement.source.claim.bits_per_sample, measured = statement.measured.bits_per_sample;
  faults.unless(statement.measured.basis == MinEntropy::Basis::measured, "the assessment is not a measurement");
  faults.unless(used == std::min(modelled, measured),
                "{} bits a sample were used, not the lower of the model's {} and "
                "the measurement's {}",
                used, modelled, measured);
  faults.add(faults_of_measurement(statement.measured, statement.source.format));
}

void check_health(const Statement& statement, Faults& faults) {
  const Statement::Health& health = statement.health;
  // Cut-offs for more entropy than is claimed are stricter; for less they would let a sick source pass.
  faults.unless(health.claim == statement.source.claim.bits_per_sample,
                "the health tests assume {} bits a sample, the model claims {}", health.claim,
                statement.source.claim.bits_per_sample);
  faults.unless(health.alpha_log2 == -30, "the health tests have a false-alarm rate of 2^{}, not 2^-30",
                health.alpha_log2);
  faults.unless(health.start_up_samples == 4096, "a start-up test over {} samples, not 4096", health.start_up_samples);
  faults.unless(health.start_up_tests_passed >= 1 && health.start_up_tests_passed <= health.recoveries.size() + 1,
                "{} start-up tests were passed, with {} recoveries", health.start_up_tests_passed,
                health.recoveries.size());
}

/// Raw bytes, blocks and key bytes add up.
void check_sums(const Statement& statement, Faults& faults) {
  const std::uint64_t output_bits = plan_of(statement).output_bits;
  const std::uint64_t entropy_bits = entropy_bytes_of(statement) * 8;
  const std::uint64_t wanted = entropy_bits / output_bits + (entropy_bits % output_bits != 0 ? 1 : 0);
  faults.unless(statement.blocks_charged == wanted, "{} blocks were charged, and the keys took {}",
                statement.blocks_charged, wanted);
  const auto hashed = checked_product({statement.blocks_charged, statement.input_bits / 8});
  const std::uint64_t assessed = statement.source.format.bytes_for(assessed_samples);
  const auto least = hashed ? checked_sum(*hashed, assessed) : std::nullopt;
  faults.unless(least && statement.raw_bytes >= *least && statement.raw_bytes <= std::uint64_t{1} << 60,
                "{} raw bytes are too few for the assessment and {} blocks", statement.raw_bytes,
                statement.blocks_charged);
}

}  // namespace

CertificateReading read(const Json& json, std::string_view body) {
  const Statement statement = read_statement(json);
  CertificateReading reading;
  Faults faults;
  reading.batch = statement.batch;
  reading.strength = {.log2_epsilon = static_cast<double>(statement.log2_epsilon_limit),
                      .bits_per_sample = statement.used_bits_per_sample,
                      .alpha_log2 = statement.health.alpha_log2,
                      .extractor = "modified-toeplitz",
                      .expansion = statement.expansion.mode,
                      .assessed_samples = assessed_samples,
                      .started = statement.started,
                      .stopped = statement.stopped};
  check_batch(statement.batch, faults);
  check_source(statement.source, faults);
  check_entropy(statement, faults);
  check_health(statement, faults);
  faults.unless(statement.input_bits == 16384, "blocks of {} bits, not 16384", statement.input_bits);
  faults.unless(is_utc(statement.started) && is_utc(statement.stopped) &&
                    statement.started <= statement.batch.created && statement.batch.created <= statement.stopped,
                "the run went from {:.40} to {:.40}, and the batch was created at {:.40}", statement.started,
                statement.stopped, statement.batch.created);
  for (const std::string& digest : {statement.raw_sha256, statement.seed_sha256})
    faults.unless(is_sha256(digest), "{:.70} is no SHA-256", digest);
  if (faults.none()) {
    reading.checks.emplace_back("names, digests, dates and counts have their form and fit each other");
    reading.checks.emplace_back("provenance follows from the driver, the claim is no larger than a sample");
  }
  try {
    Faults text;
    check_same_text(statement_of(statement), json, body, text);
    if (text.none()) {
      reading.checks.emplace_back(
          "edition 1, made again from its facts, gives the same text: purpose, cut-offs, plan, epsilon and every "
          "sentence");
    }
    faults.add(text.take());
    check_sums(statement, faults);
  } catch (const Error& error) {
    faults.add(fmt::format("the certificate's figures contradict each other: {}", error.what()));
  }
  reading.faults = faults.take();
  return reading;
}

}  // namespace lightseed::edition_1
