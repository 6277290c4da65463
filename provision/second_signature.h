// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "crypto/trust.h"
#include "crypto/x509.h"
#include "provision/certificate.h"

namespace lightseed {

/// Judges the second signature of a certificate (dsse.h), of which so much is known: `signer`, whose certificate came
/// with it, made it over the same bytes as the first signer; or nothing, and there is none.
///
/// Without trust three things can be told and one cannot. The first signer named this very certificate, or did not; it
/// could make such a signature at the time of issue – an SM2 key, for signing, in its dates, no authority's –, or could
/// not; a signature that was named is there, or was taken away. Each that fails is a fault for everybody. Whose key it
/// is nobody knows, and a notice says so. With trust that is settled too: the anchor vouches for it, or it is a fault.
///
/// Adds to the reading's checks, notices and faults.
void judge_second_signature(const std::optional<X509Certificate>& signer, const std::optional<TrustAnchor>& trust,
                            CertificateReading& reading);

}  // namespace lightseed
