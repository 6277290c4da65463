// SPDX-License-Identifier: Apache-2.0
#include "provision/destruction.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "crypto/dsse.h"
#include "evidence/json_text.h"
#include "evidence/record_text.h"
#include "provision/certificate.h"
#include "provision/verify.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_record = std::size_t{16} << 20;

DestructionRecord record_of(const CertifiedBatch& batch, const DestructionRequest& request) {
  DestructionRecord record{
      .batch = batch.id,
      .certificate_sha256 = hex(sha256_of_file((request.directory / certificate_name(batch.id)).string())),
      .directory = fs::absolute(request.directory).lexically_normal().string(),
      .reason = request.reason,
      .moment = utc_text(request.now),
      .files = {}};
  for (const KeyFile& file : batch.files)
    record.files.push_back(file.name);
  return record;
}

/// A record that is there already, of a call that was cut off. Throws Error(refused) for something else.
DestructionRecord record_of_before(const std::string& text, const CertifiedBatch& batch,
                                   const DestructionRequest& request, const Signer& signer) {
  try {
    const Unsealed unsealed = unseal(destruction_payload_type, text, TrustAnchor(signer.certificate()));
    if (!unsealed.further.empty()) throw Error(Category::verdict, "somebody else has signed it, too");
    const Json json = parse_json(unsealed.body, "the record", {.bytes = largest_record});
    DestructionRecord record = destruction_record_from(ObjectReader(json, ""));
    if (record.batch == batch.id) return record;
    throw Error(Category::verdict, fmt::format("it is of batch {}", record.batch));
  } catch (const Error& why) {
    throw Error(Category::refused, fmt::format("{} exists and is no record of the destruction of batch {}: {}; name "
                                               "another file",
                                               request.record.string(), batch.id, why.what()));
  }
}

/// Removes the key files that are there, and syncs.
std::uint64_t remove_files(const CertifiedBatch& batch, const fs::path& directory) {
  std::uint64_t removed = 0;
  for (const KeyFile& file : batch.files) {
    std::error_code error;
    if (fs::remove(directory / file.name, error)) ++removed;
    if (error) throw system_error("remove", (directory / file.name).string(), error.value());
  }
  sync_directory(directory);
  return removed;
}

}  // namespace

Destruction destroy_batch(const DestructionRequest& request, const TrustAnchor& trust, const Signer& signer,
                          Ledger& ledger) {
  const SealedCertificate sealed = read_sealed_certificate(request.directory, trust);
  const CertifiedBatch& batch = sealed.reading.batch;
  if (!sealed.reading.faults.empty()) {
    throw Error(Category::verdict,
                fmt::format("the certificate does not hold: {}; nothing was destroyed", sealed.reading.faults.front()));
  }
  Destruction done;
  std::error_code error;
  std::string text;
  if (fs::exists(request.record, error)) {
    text = read_text_file(request.record, largest_record);
    done.record = record_of_before(text, batch, request, signer);
  } else {
    done.record = record_of(batch, request);
    const auto batches = ledger.batches();
    const auto known = std::ranges::find(batches, batch.id, &BatchRecord::id);
    if (known == batches.end() || known->certificate_sha256 != done.record.certificate_sha256) {
      throw Error(Category::refused,
                  fmt::format("the ledger has no batch {} with this certificate; nothing was destroyed", batch.id));
    }
    text = seal(destruction_payload_type, record_text(done.record), signer);
    AtomicFile file(request.record, AtomicFile::Mode::open);
    file.write(text);
    file.commit();
  }
  done.record_sha256 = hex(sha256(bytes_of(text)));
  (void)ledger.destroy(batch.id, done.record_sha256);
  done.removed = remove_files(batch, request.directory);
  return done;
}

}  // namespace lightseed
