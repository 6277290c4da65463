// SPDX-License-Identifier: Apache-2.0
#include "provision/certified_batch.h"

#include <catch2/catch.hpp>

using namespace lightseed;

TEST_CASE("all keys of a batch are counted up to 2^55 bytes: what an expansion takes for them is counted in bits") {
  CertifiedBatch batch;
  batch.sims = std::uint64_t{1} << 25;
  batch.keys_per_sim = std::uint64_t{1} << 25;
  batch.key_bytes = 32;
  CHECK(batch.all_key_bytes() == std::uint64_t{1} << 55);
  batch.sims += 1;
  CHECK_FALSE(batch.all_key_bytes());
  batch.sims = std::uint64_t{1} << 63;
  CHECK_FALSE(batch.all_key_bytes());
}
