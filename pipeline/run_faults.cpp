// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run_faults.h"

#include "core/checked.h"
#include "core/error.h"
#include "entropy/extract/run_plan.h"
#include "evidence/faults.h"
#include "pipeline/binding.h"
#include "pipeline/calibrated_source.h"
#include "pipeline/gate_faults.h"
#include "pipeline/measure.h"

namespace lightseed {
namespace {

void check_claims(const RunRecord& record, Faults& faults) {
  faults.unless(record.measured.basis == MinEntropy::Basis::measured, "the assessment is not a measurement");
  faults.add(binding_faults(record));
  faults.add(calibration_faults(record.source, record.gate.health, record.started));
}

/// Raw samples: assessed, extracted from, or left over in the last chunk that was read.
void check_amounts(const RunRecord& record, std::uint64_t made_bits, Faults& faults) {
  const ExtractionRecord& extraction = record.extraction;
  faults.unless(extraction.wanted_bits == made_bits, "the extraction was planned for {} bits, but {} were made of it",
                extraction.wanted_bits, made_bits);
  const std::uint64_t m = extraction.output_bits;
  // Output is handed on in whole bytes; what is left of a block is not.
  const std::uint64_t usable = m / 8 * 8;
  const std::uint64_t wanted = usable == 0 ? 0 : made_bits / usable + (made_bits % usable != 0 ? 1 : 0);
  faults.unless(extraction.epsilon.blocks == wanted, "{} blocks were charged, and {} bits take {}",
                extraction.epsilon.blocks, made_bits, wanted);
  const std::uint64_t samples = record.source.format.samples_in(record.raw_bytes);
  const auto hashed = checked_product({extraction.epsilon.blocks, extraction.samples});
  const auto least = hashed ? checked_sum(*hashed, assessed_samples_of(record.measured)) : std::nullopt;
  faults.unless(least && samples >= *least && record.raw_bytes <= std::uint64_t{1} << 60,
                "{} raw samples are too few for the assessment and {} blocks of {}", samples, extraction.epsilon.blocks,
                extraction.samples);
  faults.add(gate_faults(record.gate, record.source, samples));
}

}  // namespace

std::vector<std::string> run_faults(const RunRecord& record, std::uint64_t made_bits) try {
  Faults faults;
  check_claims(record, faults);
  faults.add(extraction_faults(record.extraction, record.source.format));
  check_amounts(record, made_bits, faults);
  return faults.take();
} catch (const Error& error) {
  return {error.what()};
}

}  // namespace lightseed
