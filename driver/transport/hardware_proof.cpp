// SPDX-License-Identifier: Apache-2.0
#include "driver/transport/hardware_proof.h"

namespace lightseed {

HardwareProof prove_hardware(int fd) {
  return proof_by_sysfs(fd);
}

}  // namespace lightseed
