// SPDX-License-Identifier: Apache-2.0
#include "provision/release.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "crypto/sealed_record.h"
#include "evidence/record_text.h"
#include "provision/certificate.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_release = std::size_t{1} << 16;

constexpr SealedKind<ReleaseRecord> release_kind{.payload_type = release_payload_type,
                                                 .name = "the release",
                                                 .largest = largest_release,
                                                 .read = release_record_from,
                                                 .moment = &ReleaseRecord::moment};

/// Whom a batch waits for. Throws Error(refused) where it waits for nobody.
const SignerRecord& releaser_of(const CertifiedBatch& batch) {
  if (batch.releaser) return *batch.releaser;
  throw Error(Category::refused,
              fmt::format("batch {} was not issued under dual control: its certificate names nobody who releases it",
                          batch.id));
}

/// The text is a release of this very batch by whom its certificate names. Throws Error(verdict), Error(malformed).
SealedRelease judged_release(const std::string& text, const SealedCertificate& sealed) {
  const CertifiedBatch& batch = sealed.reading.batch;
  const SignerRecord& named = releaser_of(batch);
  X509Certificate releaser = enclosed_certificate(release_payload_type, text, "the release");
  if (releaser.fingerprint() != named.certificate_sha256 || releaser.subject() != named.subject) {
    throw Error(Category::verdict,
                fmt::format("it is by {}, and the certificate waits for {}", releaser.subject(), named.subject));
  }
  // Two certificates can hold one key; what counts is that two people had to act.
  if (releaser.same_key_as(sealed.signer))
    throw Error(Category::verdict, "it is signed with the key that signed the batch: nobody else has looked at it");
  SealedRecord<ReleaseRecord> opened = unseal_record(release_kind, text, TrustAnchor(releaser));
  if (opened.record.batch != batch.id)
    throw Error(Category::verdict, fmt::format("it is of batch {}", opened.record.batch));
  if (opened.record.certificate_sha256 != sealed.sha256)
    throw Error(Category::verdict, "it is about another certificate of this batch");
  if (opened.record.moment < batch.created)
    throw Error(Category::verdict,
                fmt::format("it says {}, and the batch was created at {}", opened.record.moment, batch.created));
  return {.record = std::move(opened.record),
          .sha256 = hex(sha256(bytes_of(text))),
          .releaser = std::move(opened.signer),
          .certificate = std::move(releaser)};
}

}  // namespace

std::string release_name(std::string_view batch) {
  return fmt::format("{}.release.json", batch);
}

std::optional<SealedRelease> read_release(const fs::path& directory, const SealedCertificate& sealed) {
  const fs::path path = directory / release_name(sealed.reading.batch.id);
  std::error_code error;
  if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return std::nullopt;
  try {
    return judged_release(read_text_file(path, largest_release), sealed);
  } catch (const Error& why) {
    if (why.category() == Category::io) throw;
    throw Error(Category::verdict, fmt::format("{} is no release to be believed: {}", path.string(), why.what()));
  }
}

void require_vouched(const SealedRelease& release, const TrustAnchor& trust) {
  const X509Certificate vouched = trust.signer(release.certificate);
  if (vouched.fingerprint() != release.certificate.fingerprint())
    throw Error(Category::verdict, fmt::format("it is by {}, not by {}", release.releaser, vouched.subject()));
  trust.judge(release.certificate, moment_from(release.record.moment).value_or(0));
}

std::optional<SealedRelease> require_released(const fs::path& directory, const SealedCertificate& sealed) {
  const CertifiedBatch& batch = sealed.reading.batch;
  if (!batch.releaser) return std::nullopt;
  if (auto release = read_release(directory, sealed)) return release;
  throw Error(Category::refused,
              fmt::format("batch {} is not released: its certificate says that it waits for {}, and {} is not there; "
                          "whoever that is can release it",
                          batch.id, batch.releaser->subject, (directory / release_name(batch.id)).string()));
}

void require_releaser(const X509Certificate& releaser, const X509Certificate& signer, std::time_t now) {
  if (releaser.same_key_as(signer)) {
    throw Error(Category::refused,
                fmt::format("{} is to release the batch and holds the key that signs it: dual control takes two keys",
                            releaser.subject()));
  }
  TrustAnchor(releaser).judge(releaser, now);
}

SealedRelease release_batch(const ReleaseRequest& request, const TrustAnchor& trust, const Signer& releaser) {
  const SealedCertificate sealed = read_sound_certificate(request.directory, trust);
  const CertifiedBatch& batch = sealed.reading.batch;
  const SignerRecord& named = releaser_of(batch);
  if (releaser.certificate().fingerprint() != named.certificate_sha256) {
    throw Error(Category::refused, fmt::format("batch {} waits for the release of {}, and {} is somebody else",
                                               batch.id, named.subject, releaser.certificate().subject()));
  }
  if (auto before = read_release(request.directory, sealed)) return std::move(*before);
  VerifyRequest whole{.stop = request.stop, .progress = request.progress};
  whole.policy.allow_test = true;  // what it is for stands in the certificate; that it is as certified is looked at
  const VerifyReport report = verify(request.directory, trust, whole);
  if (!report.faults.empty()) {
    throw Error(Category::verdict,
                fmt::format("the batch is not as certified: {}; it was not released", report.faults.front()));
  }
  const ReleaseRecord record{.batch = batch.id, .certificate_sha256 = sealed.sha256, .moment = utc_text(request.now)};
  const std::string text = seal(release_payload_type, record_text(record), releaser);
  SealedRelease release = judged_release(text, sealed);
  AtomicFile file(request.directory / release_name(batch.id), AtomicFile::Mode::open);
  file.write(text);
  file.commit();
  return release;
}

bool enter_release(const fs::path& directory, const TrustAnchor& trust, Ledger& ledger) {
  const SealedCertificate sealed = read_sound_certificate(directory, trust);
  const CertifiedBatch& batch = sealed.reading.batch;
  const SignerRecord& named = releaser_of(batch);
  const SealedRelease release = require_released(directory, sealed).value();
  return ledger.release({.batch = batch.id,
                         .certificate_sha256 = release.record.certificate_sha256,
                         .record_sha256 = release.sha256,
                         .releaser_sha256 = named.certificate_sha256});
}

}  // namespace lightseed
