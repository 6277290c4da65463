// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crypto/dsse.h"
#include "crypto/signature_kind.h"
#include "crypto/trust.h"
#include "provision/certificate.h"

namespace lightseed {

/// What a verifier asks of the signatures beside the first.
struct SignatureDemands {
  /// Each must vouch for one of them, each for another one.
  std::vector<TrustAnchor> trust{};
  /// Of each kind there must be one that holds, whosever it is. The first signature's is always there.
  std::vector<SignatureKind> kinds{};
};

/// The demands, one phrase each, for a person.
std::vector<std::string> floors_of(const SignatureDemands& demands);

/// A signature beside the first, and what was found of it.
struct JudgedSignature {
  X509Certificate signer;
  SignatureKind kind = SignatureKind::sm2;
  bool checked = false;  ///< it holds; false: this libcrypto does not offer its kind
  bool vouched = false;  ///< somebody who is trusted for it vouches for whose it is
};

/// What is known of all of them.
struct JudgedSignatures {
  std::vector<JudgedSignature> all;   ///< in their order
  std::vector<std::string> refusals;  ///< what is asked for and not there, or not to be seen here, one sentence each
};

/// Judges the signatures beside the first of a certificate (dsse.h): who made them over the same bytes as the first
/// signer, or would have, where that cannot be checked.
///
/// Without trust three things can be told of each and one cannot. The first signer named this very certificate, or did
/// not; it could make such a signature at the time of issue – a key of its kind, for signing, in its dates, no
/// authority's –, or could not; a signature that was named is there, or was taken away. Each that fails is a fault for
/// everybody. Whose key it is nobody knows, and a notice says so. With trust that is settled too: an anchor vouches for
/// it, or somebody else's signature stands where its is asked for, which is a fault.
///
/// One of a kind that this libcrypto does not offer is neither good nor a fault: a notice says that it was not checked.
/// What is known without checking is still looked at: that it is the one that was named, its certificate's use and
/// dates. No demand is met by it.
///
/// Adds to the reading's checks, notices and faults.
JudgedSignatures judge_further_signatures(std::span<const FurtherSignature> signatures, const SignatureDemands& demands,
                                          CertificateReading& reading);

}  // namespace lightseed
