// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>

#include "crypto/signer.h"
#include "crypto/trust.h"
#include "evidence/calibration_record.h"

namespace lightseed {

inline constexpr std::string_view calibration_payload_type = "application/vnd.lightseed.calibration+json";

/// A calibration as it stands in a file: JSON, or a DSSE envelope with the JSON in it.
std::string calibration_text(const CalibrationRecord& record, const Signer* signer);

/// A calibration that was read: what it says follows from what was measured, and who vouches for it.
struct Calibration {
  std::string path;
  std::string sha256;  ///< of the file
  CalibrationRecord record;
  std::string signer;  ///< subject of its certificate; "nobody" for a file without a signature
};

/// Reads a calibration. With `trust` it must be signed by whom that vouches for, at the time it was made; without, it
/// must be of a simulated unit, whose word is worth nothing anyway, and not signed.
///
/// Throws Error(io) for a file that cannot be read or is none, Error(verdict) for a signature that does not hold or
/// figures that do not follow from one another, Error(refused) for one that nobody vouches for.
Calibration read_calibration(const std::filesystem::path& path, const std::optional<TrustAnchor>& trust);

/// Throws Error(refused) when it is of another unit, or of this one set in another way, and when it is not valid at
/// `now`: not yet, or not any more. Then nothing may be claimed.
void require_calibration_of(const Calibration& calibration, const CalibratedDevice& unit, const std::string& uri,
                            std::time_t now);

}  // namespace lightseed
