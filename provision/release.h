// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "crypto/signer.h"
#include "crypto/trust.h"
#include "evidence/release_record.h"
#include "provision/ledger/ledger.h"
#include "provision/verify.h"

namespace lightseed {

/// Dual control: one person makes a batch, a second one lets it go. The certificate of such a batch names whose release
/// it waits for, by the SHA-256 of one certificate, so whoever trusts the signer knows which release counts, and the
/// signer's own key is none. The release is a record of its own beside the certificate, a DSSE envelope with one
/// signature of ECDSA P-384: it names the certificate's file by its digest, so it fits no other batch.
///
/// What waits for it: the sides do not open the files of a batch that is not released, so they sign no receipt, and the
/// ledger enters no answer of a side. It is a rule that programs keep, not a lock: whoever has a recipient's key and
/// the files can open them with other programs (docs/threat-model.md).

inline constexpr std::string_view release_payload_type = "application/vnd.lightseed.release+json";

/// The name of a batch's release in its directory.
std::string release_name(std::string_view batch);

/// A release and whose it is.
struct SealedRelease {
  ReleaseRecord record;
  std::string sha256;    ///< of the file, hexadecimal
  std::string releaser;  ///< subject of the certificate
  X509Certificate certificate;
};

/// Reads the release of the batch in `directory`, whose certificate is `sealed` and names who releases it. Nothing when
/// there is no such file. Throws Error(verdict) when it is not a release of this batch by whom the certificate names,
/// or by a key that the batch was signed with, Error(io).
std::optional<SealedRelease> read_release(const std::filesystem::path& directory, const SealedCertificate& sealed);

/// Throws Error(verdict) for a release by somebody for whom `trust` does not vouch.
void require_vouched(const SealedRelease& release, const TrustAnchor& trust);

/// The batch may be opened: it has the release, which is returned, or needs none: nothing. Throws Error(refused) where
/// it waits for one, and as read_release() does.
std::optional<SealedRelease> require_released(const std::filesystem::path& directory, const SealedCertificate& sealed);

/// Who may release: somebody who can sign now and is not who signs the batch. Throws Error(refused).
void require_releaser(const X509Certificate& releaser, const X509Certificate& signer, std::time_t now);

struct ReleaseRequest {
  std::filesystem::path directory;  ///< of the batch
  std::time_t now = 0;
  std::stop_token stop{};
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = [](auto, auto) {};  ///< bytes read
};

/// Looks at the whole batch as verify() does, without a key, and signs a release that appears in its directory. One
/// that is there is left as it is and returned. Throws Error(verdict) for a batch that does not hold, Error(refused)
/// for one that waits for nobody's release or for somebody else's, Error(io), Error(interrupted).
SealedRelease release_batch(const ReleaseRequest& request, const TrustAnchor& trust, const Signer& releaser);

/// Enters the release that lies in the batch's directory in the ledger, which is taken for a change. False when it was
/// entered before. Throws as read_release() does, Error(refused) where there is none, and as Ledger::release() does.
bool enter_release(const std::filesystem::path& directory, const TrustAnchor& trust, Ledger& ledger);

}  // namespace lightseed
