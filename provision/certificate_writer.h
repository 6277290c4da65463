// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/provenance.h"
#include "evidence/ledger_record.h"
#include "provision/certified_batch.h"

namespace lightseed {

/// What a certificate is made of; everything else in it follows.
struct CertificateContent {
  std::string batch;
  Json order;  ///< id, sha256, sims
  std::uint64_t sims = 0;
  std::uint64_t keys_per_sim = 0;
  std::uint64_t key_bytes = 0;
  std::string created;
  Provenance provenance = Provenance::simulated;
  Json evidence;   ///< KeyStream::evidence()
  Json expansion;  ///< RandomBits::evidence()
  std::string merkle_root;
  std::vector<KeyFile> files;
  Json card_recipient;
  Json network_recipient;
  Json signer;
  LedgerRecord ledger;  ///< not told by edition 1
};

/// The statement as the JSON text to be sealed.
std::string certificate_body(const CertificateContent& content);

}  // namespace lightseed
