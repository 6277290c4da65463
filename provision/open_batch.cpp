// SPDX-License-Identifier: Apache-2.0
#include "provision/open_batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/byte_views.h"
#include "core/error.h"
#include "provision/key_file.h"
#include "provision/outlet.h"
#include "provision/verify.h"

namespace lightseed {
namespace {

namespace fs = std::filesystem;

class Opening {
 public:
  Opening(fs::path directory, const SealedCertificate& sealed, const RecipientKey& key, const OpenRequest& request,
          const std::function<void(const PackagedBlock&)>& take)
      : directory_(std::move(directory)), sealed_(sealed), key_(key), request_(request), take_(take) {}

  /// Blocks that were taken.
  std::uint64_t open_side(const std::string& outlet) {
    std::uint64_t taken = 0;
    for (const KeyFile& file : batch().files) {
      if (file.outlet != outlet) continue;
      if (request_.stop.stop_requested()) throw Error(Category::interrupted, "interrupted before every block was read");
      taken += open_file(file);
      if (request_.iccid && taken > 0) break;
    }
    return taken;
  }

  /// The side whose first file the key opens.
  std::string side_of_key() {
    std::string why = "the batch has no side";
    for (const CertifiedRecipient& recipient : batch().recipients) {
      const auto file = std::ranges::find(batch().files, recipient.outlet, &KeyFile::outlet);
      if (file == batch().files.end()) continue;
      try {
        (void)read_file(*file);
        return recipient.outlet;
      } catch (const Error& error) {
        if (error.category() != Category::verdict) throw;
        why = error.what();
      }
    }
    throw Error(Category::verdict, fmt::format("the recipient's key opens no side: {}", why));
  }

 private:
  fs::path directory_;
  const SealedCertificate& sealed_;
  const RecipientKey& key_;
  const OpenRequest& request_;
  const std::function<void(const PackagedBlock&)>& take_;

  [[nodiscard]] const CertifiedBatch& batch() const noexcept { return sealed_.reading.batch; }

  OpenedKeyFile read_file(const KeyFile& file) {
    const fs::path path = directory_ / file.name;
    const auto der = certified_bytes(path, file);
    if (!der) throw Error(Category::verdict, changed_words(path));
    return outlet_named(file.outlet).read(bytes_of(*der), key_, sealed_.signer);
  }

  std::uint64_t open_file(const KeyFile& file) {
    const OpenedKeyFile opened = read_file(file);
    if (const auto fault = fault_of_package(opened.package, file, batch())) throw Error(Category::verdict, *fault);
    std::uint64_t taken = 0;
    for (const PackagedBlock& block : opened.package.blocks) {
      if (request_.iccid && block.header.iccid != *request_.iccid) continue;
      take_(block);
      ++taken;
    }
    return taken;
  }
};

}  // namespace

CertifiedBatch open_batch(const fs::path& directory, const TrustAnchor& trust, const RecipientKey& key,
                          const OpenRequest& request, const std::function<void(const PackagedBlock&)>& take) {
  const SealedCertificate sealed = read_sealed_certificate(directory, trust);
  const CertifiedBatch& batch = sealed.reading.batch;
  if (!sealed.reading.faults.empty()) {
    throw Error(Category::verdict,
                fmt::format("the certificate does not hold: {}; nothing was opened", sealed.reading.faults.front()));
  }
  if (request.outlet &&
      std::ranges::find(batch.recipients, *request.outlet, &CertifiedRecipient::outlet) == batch.recipients.end()) {
    throw Error(Category::usage, fmt::format("the batch has no side {}", *request.outlet));
  }
  Opening opening(directory, sealed, key, request, take);
  const std::uint64_t taken = opening.open_side(request.outlet ? *request.outlet : opening.side_of_key());
  if (request.iccid && taken == 0) {
    throw Error(Category::usage, fmt::format("batch {} has no keys for ICCID {}", batch.id, *request.iccid));
  }
  return batch;
}

}  // namespace lightseed
