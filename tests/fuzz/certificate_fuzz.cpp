// SPDX-License-Identifier: Apache-2.0
#include "provision/certificate.h"

#include <cstdint>
#include <span>

#include "core/byte_views.h"
#include "core/error.h"

/// The statement in a certificate, signed, but by whom? It is refused, or has faults, or its files and counts fit it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  try {
    const CertificateReading reading = read_certificate(text_of(std::as_bytes(std::span(data, size))));
    if (!reading.faults.empty()) return 0;
    const CertifiedBatch& batch = reading.batch;
    if (batch.sims == 0 || !batch.all_key_bytes() || batch.files.empty() || reading.checks.empty()) __builtin_trap();
    for (const KeyFile& file : batch.files) {
      if (!file.name.starts_with(batch.id) || file.blocks == 0 || file.blocks > batch.sims) __builtin_trap();
      if (file.name.find('/') != std::string::npos) __builtin_trap();
    }
  } catch (const Error& e) {
    if (e.category() != Category::verdict) __builtin_trap();
  }
  return 0;
}
