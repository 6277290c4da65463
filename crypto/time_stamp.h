// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/x509.h"

namespace lightseed {

/// Time stamps of RFC 3161: an authority signs that a digest was shown to it at a moment. A query (TimeStampReq) and a
/// response (TimeStampResp) are files; how they travel to the authority and back (RFC 3161 section 3: by mail, by HTTP)
/// is nothing this program does.

inline constexpr std::size_t largest_time_stamp = std::size_t{1} << 20;

/// A query for a SHA-256 digest in DER, with a nonce of 64 bits, asking for the authority's certificate.
std::string time_stamp_query(const Sha256Digest& digest);

/// Whose time stamps count, known from elsewhere: certificates of authorities, or of time stamp authorities themselves.
class TimeStampTrust {
 public:
  /// The certificates of a file. Throws as X509Certificate::read_all() does.
  static TimeStampTrust read(const std::filesystem::path& path);

  [[nodiscard]] const std::vector<X509Certificate>& certificates() const noexcept { return certificates_; }
  /// Their subjects, for a sentence.
  [[nodiscard]] std::string names() const;

 private:
  explicit TimeStampTrust(std::vector<X509Certificate> certificates) : certificates_(std::move(certificates)) {}
  std::vector<X509Certificate> certificates_;
};

/// What a time stamp says.
struct TimeStamp {
  std::time_t moment = 0;   ///< genTime; fractions of a second are cut off
  std::string serial;       ///< of the token, hexadecimal
  std::string policy;       ///< object identifier of the authority's policy
  std::string authority{};  ///< subject of who signed it; empty where nobody was trusted
};

/// Reads a response that grants a time stamp for this digest; nothing is said of who signed it. Throws Error(verdict)
/// with the reason: no response, one that grants nothing, another digest or a weak one.
TimeStamp read_time_stamp(std::string_view response, const Sha256Digest& digest);

/// The same, signed by whom `trust` vouches for at the moment that it says: a path to a trusted certificate, keys and
/// digests of 112 bits and more, a certificate for time stamping alone (RFC 3161 section 2.3). Revocation is not looked
/// at. Throws Error(verdict) with the reason.
TimeStamp judge_time_stamp(std::string_view response, const Sha256Digest& digest, const TimeStampTrust& trust);

/// The response answers this very query: its nonce and digest. Throws Error(verdict).
void require_answer_to(std::string_view query, std::string_view response);

}  // namespace lightseed
