// SPDX-License-Identifier: Apache-2.0
#include "crypto/cms_shell.h"

#include <cstdint>
#include <span>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/cms_parts.h"

/// The shell of a key file, from anybody: a verdict, or parts that make the same file again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lightseed;
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    const EnvelopeShell shell = read_envelope_shell(bytes);
    if (shell.ciphertext_bytes == 0 || shell.ciphertext_bytes >= size) __builtin_trap();
    const EnvelopeParts parts = envelope_parts(bytes, "it");
    const Der again = envelope_head(parts, parts.ciphertext.size()) + Der(text_of(parts.ciphertext)) +
                      der_element(false, V_ASN1_OCTET_STRING, text_of(parts.tag));
    if (again != text_of(bytes)) __builtin_trap();
    (void)faults_of_recipient({}, shell);
  } catch (const Error& e) {
    if (e.category() != Category::verdict) __builtin_trap();
  }
  return 0;
}
