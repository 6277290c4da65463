// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "driver/transport/hardware_proof.h"

namespace lightseed::tests {

/// While one lives, prove_hardware() of this executable answers with it instead of asking the kernel. It stands in for
/// the driver's own function when this executable is linked; no other program has it.
class ProofBy {
 public:
  explicit ProofBy(std::function<HardwareProof(int fd)> prove);
  ~ProofBy();
  ProofBy(const ProofBy&) = delete;
  ProofBy& operator=(const ProofBy&) = delete;
};

/// As if every descriptor were a device on a real bus.
inline HardwareProof believe_all(int) {
  return {.proved = true, .words = "a test says so", .usb_path = {}};
}

}  // namespace lightseed::tests
