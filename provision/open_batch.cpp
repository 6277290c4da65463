// SPDX-License-Identifier: Apache-2.0
#include "provision/open_batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "provision/key_file.h"
#include "provision/outlet.h"
#include "provision/release.h"
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

  /// The side whose first file the key opens. A side that is not here is for somebody else.
  std::string side_of_key() {
    std::string why = "none of its files is here";
    for (const CertifiedRecipient& recipient : batch().recipients) {
      const auto file = std::ranges::find(batch().files, recipient.outlet, &KeyFile::outlet);
      std::error_code error;
      if (file == batch().files.end() || !fs::exists(directory_ / file->name, error)) continue;
      const std::string der = certified(*file);
      try {
        first_.emplace(file->name, outlet_named(file->outlet).read(bytes_of(der), key_, sealed_.signer));
        return recipient.outlet;
      } catch (const Error& failure) {
        if (failure.category() != Category::verdict) throw;
        why = failure.what();
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
  std::optional<std::pair<std::string, OpenedKeyFile>> first_;  ///< opened to find the side; read once more from here

  [[nodiscard]] const CertifiedBatch& batch() const noexcept { return sealed_.reading.batch; }

  std::string certified(const KeyFile& file) const {
    const fs::path path = directory_ / file.name;
    auto der = certified_bytes(path, file);
    if (!der) throw Error(Category::verdict, changed_words(path));
    return std::move(*der);
  }

  OpenedKeyFile read_file(const KeyFile& file) {
    if (first_ && first_->first == file.name) return std::move(std::exchange(first_, std::nullopt)->second);
    return outlet_named(file.outlet).read(bytes_of(certified(file)), key_, sealed_.signer);
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
  const SealedCertificate sealed = read_sealed_certificate(directory, trust, request.signatures);
  const CertifiedBatch& batch = sealed.reading.batch;
  if (!sealed.reading.faults.empty()) {
    throw Error(Category::verdict,
                fmt::format("the certificate does not hold: {}; nothing was opened", sealed.reading.faults.front()));
  }
  require_demanded_signatures(sealed);
  require_released(directory, sealed);
  if (request.outlet &&
      std::ranges::find(batch.recipients, *request.outlet, &CertifiedRecipient::outlet) == batch.recipients.end()) {
    throw Error(Category::usage, fmt::format("the batch has no side {}", *request.outlet));
  }
  Opening opening(directory, sealed, key, request, take);
  if (request.begin) request.begin(batch);
  const std::uint64_t taken = opening.open_side(request.outlet ? *request.outlet : opening.side_of_key());
  if (request.iccid && taken == 0) {
    throw Error(Category::usage, fmt::format("batch {} has no keys for ICCID {}", batch.id, *request.iccid));
  }
  return batch;
}

}  // namespace lightseed
