// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crypto/passphrase.h"

namespace lightseed {

/// What a file of certificates holds.
struct CertificateFile {
  std::vector<std::string> certificates{};  ///< in DER, in the file's order; at least one
  bool of_a_key = false;                    ///< a store's: the first one is that of its key
};

/// Reads PEM (certificates, or a bag of them), DER of one certificate, of a bag (PKCS#7) or of a store (PKCS#12).
/// Throws Error(io), Error(malformed) for what holds none, saying what it is instead, and as open_pkcs12() does.
CertificateFile read_certificate_file(const std::filesystem::path& path, const AskPassphrase& ask);

}  // namespace lightseed
