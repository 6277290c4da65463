// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provision/certified_batch.h"
#include "provision/export/credentials.h"
#include "provision/export/locked_text.h"
#include "provision/export/profile.h"
#include "provision/export/transport_key.h"

namespace lightseed {

/// An export under way: one SIM after the other goes into a file that some other program reads. Nothing is kept of a
/// SIM once it is written, so that a file may have any number of them.
class Exporter {
 public:
  virtual ~Exporter() = default;
  /// Which credentials the format has a place for.
  [[nodiscard]] virtual std::vector<std::string> written() const = 0;
  /// What stands in front of all SIMs. `sims` is how many will be written.
  virtual void begin(const CertifiedBatch& batch, std::uint64_t sims) = 0;
  virtual void write(const SimCredentials& sim) = 0;
  virtual void end() = 0;
};

/// What an exporter is made of; all outlives it.
struct ExportSetting {
  const ExportProfile& profile;
  const CredentialCutter& credentials;
  TransportKeys& keys;
  LockedText& out;
};

/// One format, of one program that reads it.
struct ExportFormat {
  std::string_view name;
  std::string_view text;  ///< what it is, in a phrase
  /// Throws Error(usage) where profile or transport keys do not suit the format, and as TransportKeys does.
  std::unique_ptr<Exporter> (*make)(const ExportSetting& setting);
};

/// All there are. A new format is a pair of files and a row.
std::span<const ExportFormat> exports() noexcept;

/// Throws Error(usage) listing the known ones.
const ExportFormat& export_named(std::string_view name);

std::vector<std::string> names_of(const std::vector<CredentialKind>& kinds);

/// Place of a credential that a format cannot do without; `bytes` is the length it must have. Throws Error(usage).
std::size_t require_key(const ExportSetting& setting, std::string_view format, std::string_view name,
                        std::size_t bytes);

}  // namespace lightseed
