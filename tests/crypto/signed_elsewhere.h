// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "crypto/x509.h"

namespace lightseed::test {

/// A certificate of ML-DSA-65 and a signature by its key over `message`, all made by another program
/// (tests/data/ml_dsa_65/NOTICE.txt): real bytes for machines whose libcrypto cannot make them.
struct SignedElsewhere {
  std::filesystem::path certificate_file, key_file;
  std::string message;
  std::vector<std::byte> signature;

  [[nodiscard]] X509Certificate certificate() const { return X509Certificate::read(certificate_file); }
};

SignedElsewhere signed_by_openssl();

}  // namespace lightseed::test
