// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "driver/registry.h"
#include "driver/source.h"
#include "driver/source_uri.h"
#include "evidence/min_entropy.h"
#include "evidence/source_info.h"

namespace lightseed {

/// A min-entropy claim for one unit, from what `lightseed assess --json` said of a capture of it.
class AssessedClaim {
 public:
  /// The `assessment` parameter of a device's URI; nothing when it has none. Throws what read() throws, and
  /// Error(usage) when the operator states the entropy beside it.
  static std::optional<AssessedClaim> from(SourceUri& uri, const AssessmentCheck& check);

  /// Reads the file. Throws Error(io) when it is missing or no such thing, Error(refused) when it is one that supports
  /// no claim: fewer samples than SP 800-90B 3.1.1 wants, estimators left out, no side-car beside the capture, figures
  /// that do not follow from one another, or nobody here who can check that they do.
  static AssessedClaim read(const std::string& path, const AssessmentCheck& check);

  /// The claim for the unit that was opened. Throws Error(refused) when another one was assessed, or this one in
  /// another way: serial number, firmware, settings, sample format and provenance must be those of the capture.
  [[nodiscard]] MinEntropy claim_for(const SourceInfo& unit) const;

 private:
  std::string path_, sha256_;
  SourceInfo unit_;  ///< as the side-car of the capture has it
  std::string raw_sha256_;
  std::uint64_t samples_ = 0;
  double bits_per_sample_ = 0;
};

}  // namespace lightseed
