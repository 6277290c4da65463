// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"
#include "driver/sidecar.h"
#include "tests/fuzz/as_file.h"

/// Any bytes are a side-car whose record can be written again, or are refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const test::AsFile file(data, size);
  try {
    const Sidecar sidecar = read_sidecar(file.path());
    if (to_json(sidecar).empty()) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
