// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "driver/source.h"

namespace lightseed {

/// The JSON file beside a raw capture: what the samples are, where they come from, and their digest.
struct Sidecar {
  /// The source was restarted for each row of this matrix (SP 800-90B 3.1.4.1); nothing: one start, all samples.
  struct Restarts {
    std::uint64_t rows = 0, columns = 0;
    friend bool operator==(const Restarts&, const Restarts&) = default;
  };
  /// The device failed and was brought back: the samples on both sides are not neighbours.
  struct Gap {
    std::uint64_t after_samples = 0;
    std::string words;
  };

  SourceInfo source;
  std::uint64_t samples = 0;
  std::uint64_t bytes = 0;
  std::string sha256;   ///< of the raw file, hexadecimal
  std::string created;  ///< RFC 3339, UTC
  std::optional<Restarts> restarts{};
  std::vector<Gap> gaps{};
  std::string ended_early{};  ///< why there are fewer samples than were asked for; empty: there are not
};

/// RAW + ".json".
std::filesystem::path sidecar_path(const std::filesystem::path& raw);

Json to_json(const Sidecar& sidecar);

/// Reads and checks a side-car. Throws Error(io) when it is malformed, naming the file and the member.
Sidecar read_sidecar(const std::filesystem::path& path);

/// The worst provenance that any side-car in the folders of `raw` – the one of its name and the one it links to – tells
/// of a capture with these very bytes, whatever that capture is called. A copy in a folder of its own tells nothing.
/// `recorded` when there is none. Reads `raw` only when one has its size. Throws Error(io) when it cannot.
Provenance provenance_nearby(const std::filesystem::path& raw);

}  // namespace lightseed
