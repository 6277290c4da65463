// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/secret_bytes.h"
#include "crypto/cms.h"
#include "provision/export/format.h"
#include "provision/open_batch.h"

namespace lightseed {

/// What a recipient wants from a batch, for which program.
struct ExportRequest {
  const ExportFormat& format;
  ExportProfile profile;
  std::optional<SecretBytes> op{};  ///< an operator's, for OPc; 16 bytes
  std::vector<TransportKeySpec> keys{};
  OpenRequest open{};
};

struct ExportResult {
  CertifiedBatch batch;
  std::uint64_t sims = 0;
  std::vector<std::string> credentials;  ///< that were written
  std::vector<std::string> left_out;     ///< that the profile has and the format has no place for
  std::vector<UsedTransportKey> keys;
};

/// Opens a batch as open_batch() does, cuts each SIM's credentials from its block and writes them to `sink` in the
/// format, SIM after SIM: memory does not grow with the batch. What is wrong with profile, keys or OP is found before a
/// key file is opened. Throws as open_batch(), CredentialCutter, the format and TransportKeys do; the sink may have
/// been given a beginning by then.
ExportResult export_batch(const std::filesystem::path& directory, const TrustAnchor& trust, const RecipientKey& key,
                          ExportRequest request, const Sink& sink);

}  // namespace lightseed
