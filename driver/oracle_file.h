// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "core/atomic_file.h"
#include "driver/explained.h"
#include "driver/source.h"

namespace lightseed {

/// The oracle's record of a capture: what made each sample, beside the samples (docs/formats.md).
///
/// A line of JSON, padded with blanks to a multiple of 16 bytes, then 16 bytes a sample, all numbers little-endian:
/// e as an IEEE double (8 bytes), the guess (2), the cause (1), a zero (1), the active faults (4). Written as samples
/// come, so that its length is no matter of memory.
class OracleFile {
 public:
  static constexpr std::size_t record_bytes = 16;

  /// Asks the source for explanations. Throws Error(usage) for a source that has none, Error(io) for a file that
  /// exists.
  OracleFile(const std::filesystem::path& path, Source& source);

  /// The whole file, which has no name yet. Throws Error(internal) unless exactly `samples` were explained.
  AtomicFile& explaining(std::uint64_t samples);

 private:
  AtomicFile file_;
  std::uint64_t samples_ = 0;

  void write(std::span<const Trace> traces);
};

}  // namespace lightseed
