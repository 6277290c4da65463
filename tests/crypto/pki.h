// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <string>

namespace lightseed::test {

/// What a throw-away certificate is to be.
struct CertificateWish {
  std::string name;                ///< common name, and stem of NAME.crt and NAME.key
  std::string group = "P-384";     ///< EC group, "SM2", "ED25519", "ML-DSA-65", …; empty: RSA
  std::string usage{};             ///< keyUsage extension, e.g. "digitalSignature"; empty: none
  std::time_t from_now = -3600;    ///< begin of validity, seconds from now
  std::time_t until_now = 86'400;  ///< end of validity
  int rsa_bits = 2048;
  unsigned long rsa_exponent = 65537;  ///< 1 and even ones, which no key has, are put into the certificate alone
  bool authority = false;              ///< basicConstraints CA:TRUE
  int path_length = -1;                ///< of an authority; -1: no limit
  bool key_identifier = true;
  bool explicit_curve = false;  ///< parameters instead of the curve's name
  std::string digest =
      "SHA384";               ///< of the signature on the certificate; SM2 signs with SM3 alone, others choose theirs
  std::string issuer{};       ///< NAME of the certificate in the same directory that issues this one; empty: itself
  std::string same_key_as{};  ///< NAME whose key is used again; empty: a new one
  bool usual_sm2_id = true;   ///< under which an SM2 key signs the certificate; without it none
  bool off_curve = false;     ///< a public key that is no point of its curve; the certificate alone has it
};

/// Writes NAME.crt and, with mode 0600, NAME.key into `directory`.
void make_certificate(const std::filesystem::path& directory, const CertificateWish& wish);

}  // namespace lightseed::test
