// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>

#include "core/atomic_file.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "pipeline/measure.h"
#include "provision/verify.h"
#include "tests/provision/office.h"

namespace lightseed::test {

/// The real measurement, made once for each stretch of raw samples: the tests' sources repeat themselves.
inline MinEntropy measured_once(std::span<const std::byte> raw, const SampleFormat& format) {
  static std::map<std::string, MinEntropy> known;
  const std::string name = hex(sha256(raw));
  if (!known.contains(name)) known.emplace(name, measure_with({})(raw, format));
  return known.at(name);
}

/// The office with a measurement that the verifier believes, and what the verifier says.
class AssessedOffice : public Office {
 public:
  [[nodiscard]] static IssueServices services(const std::string& uri = "sim:homodyne?seed=1") {
    IssueServices services = Office::services(uri);
    services.assess = measured_once;
    return services;
  }
  [[nodiscard]] VerifyReport verify(const std::optional<std::string>& key = std::nullopt) const {
    VerifyRequest request;
    request.policy.allow_test = true;
    if (key) request.key = RecipientKey::read(file(*key));
    return lightseed::verify(path("out"), TrustAnchor::read(file("signer.crt")), request);
  }
};

/// The sealed statement of an issued batch, to the byte.
inline std::string unseal_body(const IssueResult& result, const IssueRequest& request) {
  return unseal(certificate_payload_type, read_text_file(result.directory / result.certificate, 1 << 20),
                request.signer.certificate());
}

}  // namespace lightseed::test
