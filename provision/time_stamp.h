// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/time_stamp.h"
#include "crypto/trust.h"
#include "provision/verify.h"

namespace lightseed {

/// A time stamp of a batch's certificate: an authority's word, apart from the signer's, that the certificate was there
/// at a moment at the latest. It is over the SHA-256 of the certificate's file as it lies there, and lies beside it as
/// the authority sent it, so other programs check it as well.

/// The name of a batch's time stamp in its directory.
std::string time_stamp_name(std::string_view batch);

/// A query for the certificate of the batch in `directory`, which must be sealed by whom `trust` vouches for and hold.
/// Throws Error(verdict), Error(io).
std::string query_time_stamp(const std::filesystem::path& directory, const TrustAnchor& trust);

/// Puts a response beside the certificate it is about. It must answer the query of that file and be signed by whom
/// `authorities` vouch for. The same one again changes nothing. Throws Error(verdict) with what is wrong,
/// Error(refused) where another time stamp lies there, Error(io).
TimeStamp keep_time_stamp(const std::filesystem::path& directory, const TrustAnchor& trust,
                          const std::filesystem::path& query, const std::filesystem::path& response,
                          const TimeStampTrust& authorities);

/// Reads the time stamp of the batch in `directory`, whose certificate is `sealed`; who signed it is judged where there
/// are `authorities`. Nothing when there is no such file. Throws Error(verdict) when it is no time stamp of this
/// certificate, says a moment before the batch was made, or is by somebody else, Error(io).
std::optional<TimeStamp> time_stamp_of(const std::filesystem::path& directory, const SealedCertificate& sealed,
                                       const std::optional<TimeStampTrust>& authorities);

}  // namespace lightseed
