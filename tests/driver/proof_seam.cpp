// SPDX-License-Identifier: Apache-2.0
#include "tests/driver/proof_seam.h"

#include <mutex>
#include <utility>

namespace lightseed {
namespace {

std::mutex mutex;
std::function<HardwareProof(int)> stand_in;

}  // namespace

HardwareProof prove_hardware(int fd) {
  const std::lock_guard lock(mutex);
  return stand_in ? stand_in(fd) : proof_by_sysfs(fd);
}

tests::ProofBy::ProofBy(std::function<HardwareProof(int)> prove) {
  const std::lock_guard lock(mutex);
  stand_in = std::move(prove);
}

tests::ProofBy::~ProofBy() {
  const std::lock_guard lock(mutex);
  stand_in = nullptr;
}

}  // namespace lightseed
