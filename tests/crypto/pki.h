#pragma once

#include <ctime>
#include <filesystem>
#include <string>

namespace lightseed::test {

/// What a throw-away certificate is to be.
struct CertificateWish {
  std::string name;                ///< common name, and stem of NAME.crt and NAME.key
  std::string group = "P-384";     ///< EC group; empty: RSA of 2048 bits
  std::string usage{};             ///< keyUsage extension, e.g. "digitalSignature"; empty: none
  std::time_t from_now = -3600;    ///< begin of validity, seconds from now
  std::time_t until_now = 86'400;  ///< end of validity
};

/// Writes NAME.crt and, with mode 0600, NAME.key into `directory`.
void make_certificate(const std::filesystem::path& directory, const CertificateWish& wish);

}  // namespace lightseed::test
