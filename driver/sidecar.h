#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/json.h"
#include "driver/source.h"

namespace lightseed {

/// The samples are a restart matrix (SP 800-90B 3.1.4): the source was restarted before each row.
struct Restarts {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;  ///< samples of a row
};

/// The JSON file beside a raw capture: what the samples are, where they come from, and their digest.
struct Sidecar {
  SourceInfo source;
  std::uint64_t samples = 0;
  std::uint64_t bytes = 0;
  std::string sha256;                  ///< of the raw file, hexadecimal
  std::string created;                 ///< RFC 3339, UTC
  std::optional<Restarts> restarts{};  ///< nothing: one uninterrupted stretch
};

/// RAW + ".json".
std::filesystem::path sidecar_path(const std::filesystem::path& raw);

Json to_json(const Sidecar& sidecar);

/// Reads and checks a side-car. Throws Error(malformed) naming the member, Error(io) when it cannot be read.
Sidecar read_sidecar(const std::filesystem::path& path);

}  // namespace lightseed
