// SPDX-License-Identifier: Apache-2.0
#include "tests/crypto/signed_elsewhere.h"

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "tests/test_paths.h"

namespace lightseed::test {

SignedElsewhere signed_by_openssl() {
  const std::filesystem::path folder = std::filesystem::path(data_folder()) / "ml_dsa_65";
  const std::string signature = read_text_file(folder / "signature.bin", 1 << 16);
  const auto bytes = bytes_of(signature);
  return {.certificate_file = folder / "second.crt",
          .key_file = folder / "second.key",
          .message = read_text_file(folder / "message", 1 << 16),
          .signature = {bytes.begin(), bytes.end()}};
}

}  // namespace lightseed::test
