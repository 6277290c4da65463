// SPDX-License-Identifier: Apache-2.0
#include "provision/second_signature.h"

#include <fmt/format.h>

#include <ctime>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/error.h"

namespace lightseed {
namespace {

/// The certificate names who signed, and who signed is there. Empty when they fit.
std::string fault_of_record(const std::optional<X509Certificate>& signer, const std::optional<SignerRecord>& named) {
  if (!signer) {
    return fmt::format(
        "the certificate names {} as its second signer, and that signature is not there: it was taken "
        "away",
        named->subject);
  }
  if (!named) {
    return fmt::format("the certificate names no second signer, and {} signed it: that signature was added later",
                       signer->subject());
  }
  if (named->certificate_sha256 != signer->fingerprint() || named->subject != signer->subject()) {
    return fmt::format("the certificate names {} as its second signer, and {} signed it", named->subject,
                       signer->subject());
  }
  return {};
}

/// What a rule that throws says; empty when it holds.
template <typename Rule>
std::string fault_of(const Rule& rule) {
  try {
    rule();
    return {};
  } catch (const Error& why) {
    return why.what();
  }
}

}  // namespace

void judge_second_signature(const std::optional<X509Certificate>& signer, const std::optional<TrustAnchor>& trust,
                            CertificateReading& reading) {
  const std::optional<SignerRecord>& named = reading.batch.second_signer;
  if (!signer && !named) return;
  if (std::string fault = fault_of_record(signer, named); !fault.empty()) {
    reading.faults.push_back(std::move(fault));
    return;
  }
  const std::time_t issued = moment_from(reading.batch.created).value_or(0);
  const std::string own = fault_of([&] { TrustAnchor(*signer).judge(*signer, issued, SignatureKind::sm2); });
  if (!own.empty()) {
    reading.faults.push_back(
        fmt::format("the second signer was not allowed to sign on {}: {}", reading.batch.created, own));
    return;
  }
  reading.checks.push_back(fmt::format(
      "a second signature, SM2 with SM3, is by the key of {}, whom the certificate names", signer->subject()));
  if (!trust) {
    reading.notices.push_back(
        fmt::format("the second signature is there and not judged: nobody vouched for {}", signer->subject()));
    return;
  }
  const std::string vouching = fault_of([&] {
    (void)trust->signer(signer);
    trust->judge(*signer, issued, SignatureKind::sm2);
  });
  if (vouching.empty()) {
    reading.checks.push_back(fmt::format("{} vouches for the second signature", trust->certificate().subject()));
  } else {
    reading.faults.push_back(fmt::format("the second signature is not by whom is trusted for it: {}", vouching));
  }
}

}  // namespace lightseed
