// SPDX-License-Identifier: Apache-2.0
#include "provision/export/export_batch.h"

#include <algorithm>
#include <utility>

#include "provision/export/credentials.h"
#include "provision/export/locked_text.h"

namespace lightseed {

ExportResult export_batch(const std::filesystem::path& directory, const TrustAnchor& trust, const RecipientKey& key,
                          ExportRequest request, const Sink& sink) {
  CredentialCutter cutter(request.profile, std::move(request.op));
  TransportKeys keys(std::move(request.keys));
  LockedText out(sink);
  const auto exporter = request.format.make({request.profile, cutter, keys, out});
  keys.require_all_taken(request.format.name);
  request.open.begin = [&](const CertifiedBatch& batch) {
    cutter.require_room(batch.keys_per_sim * batch.key_bytes);
    exporter->begin(batch, request.open.iccid ? 1 : batch.sims);
  };
  ExportResult result{.batch = {}, .sims = 0, .credentials = exporter->written(), .left_out = {}, .keys = keys.used()};
  for (const CredentialKind& kind : cutter.kinds()) {
    if (std::ranges::find(result.credentials, kind.name) == result.credentials.end()) {
      result.left_out.push_back(kind.name);
    }
  }
  result.batch = open_batch(directory, trust, key, request.open, [&](const PackagedBlock& block) {
    exporter->write(cutter.cut(block));
    ++result.sims;
  });
  exporter->end();
  out.flush();
  return result;
}

}  // namespace lightseed
