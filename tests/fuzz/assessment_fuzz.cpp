// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"
#include "driver/assessed_claim.h"
#include "pipeline/measure.h"
#include "tests/fuzz/as_file.h"

/// Any bytes are an assessment that supports a claim within its samples' width, or are refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const test::AsFile file(data, size);
  try {
    const AssessedClaim claim = AssessedClaim::read(file.path(), faults_of_assessed_json);
    const MinEntropy found = claim.claim_for({});
    if (!(found.bits_per_sample >= 0 && found.bits_per_sample <= 16)) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
