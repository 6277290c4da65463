// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.h"
#include "crypto/recipient.h"
#include "crypto/signer.h"
#include "driver/source.h"
#include "entropy/drbg/random_bits.h"
#include "evidence/ledger_record.h"
#include "pipeline/key_stream.h"
#include "provision/certificate.h"
#include "provision/order.h"

namespace lightseed {

/// Who gets the files of an outlet (outlet.h).
struct OutletRequest {
  std::string outlet;  ///< its name
  Recipient recipient;
};

/// Everything `batch issue` needs to know.
struct IssueRequest {
  Order order;
  std::uint64_t keys_per_sim = 0;      ///< > 0
  std::size_t key_bytes = 16;          ///< 16 to 64
  std::vector<OutletRequest> outlets;  ///< every required one, each once, with different recipients
  Signer signer;
  std::vector<FurtherSigner> further_signers{};  ///< sign the certificate too, in this order: a second and a third
  std::optional<X509Certificate> releaser{};     ///< dual control: the batch waits for this one's release (release.h)
  std::string ledger;                            ///< as open_ledger() takes it
  std::filesystem::path directory;               ///< where the batch appears; new, or empty
  double log2_epsilon = -64;                     ///< of all keys together
  std::string extractor = "modified-toeplitz";   ///< any seeded kind of the registry
  Preference prefer = Preference::balanced;      ///< what the sizes of the extractor's blocks are chosen for
  RandomBits::Settings expansion{};    ///< what stands between the extractor and the keys; nothing unless said
  std::string seed_source{};           ///< URI that gives the extractor's seed too; empty: none
  bool iid_claim = false;              ///< the operator answers for it that samples are IID (measure.h)
  bool calibration_binds = false;      ///< the claim of a calibrated source counts (pipeline/binding.h)
  bool top_up = false;                 ///< SIMs that have keys get more
  bool without_ledger_memory = false;  ///< the ledger is surely the newest, though its head file is gone
  bool audit = false;            ///< the keys are audited as they are made; those that FAIL are burned (key_audit.h)
  bool unlocked_memory = false;  ///< production keys may be made where not all secrets can be kept out of swap space
};

struct IssueResult {
  bool already_issued = false;  ///< the order was issued before; these are its files, nothing was generated
  std::string batch;
  std::filesystem::path directory;
  std::string purpose;
  Provenance provenance = Provenance::simulated;
  std::uint64_t key_bytes = 0;  ///< all keys together
  std::string merkle_root;
  std::string certificate;  ///< file name
  std::vector<KeyFile> files;
  std::optional<CertifiedAudit> audit{};  ///< where it was asked for
  LedgerRecord ledger;                    ///< what the ledger had to say; empty for a batch that was issued before
};

/// The world around issue(): where samples come from, who is told, who may end it.
struct IssueServices {
  std::function<std::unique_ptr<Source>()> open_source;
  std::function<std::unique_ptr<Source>()> open_seed_source{};  ///< of IssueRequest::seed_source
  std::stop_token stop{};
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = [](auto, auto) {};  ///< SIMs
  decltype(KeyStreamSettings::progress) raw_progress{};                 ///< raw samples, from the first second on
  std::function<void(const std::string&)> notice = [](const auto&) {};  ///< sentences worth a person's attention
  /// Asked again and again while the ledger or the target is another run's: true to try once more, false to give up.
  /// It does the waiting. No device is open meanwhile.
  std::function<bool(const Error& busy)> while_busy = [](const auto&) { return false; };
  Assess assess{};  ///< instead of what measure_with() makes of the request; for those who measured before
};

/// Makes the keys of an order, once.
///
/// Everything that can be known to fail at the end is tried at the begin, before a device is touched. The files are
/// then written into a hidden directory beside the target (staging.h); the certificate is sealed, the ledger says
/// ISSUED, and the directory gets its name in one step. Whatever happens before ISSUED burns the blocks and removes the
/// hidden directory – at once, or after a crash when the ledger is next issued from. Whatever happens after it is
/// finished by the next run. One file is sealed while the next one's keys are made; memory stays bounded by the two.
///
/// Throws Error; then no file is visible, and the sentence says how many blocks were burned – or, after ISSUED, where
/// the files are.
IssueResult issue(const IssueRequest& request, const IssueServices& services);

}  // namespace lightseed
