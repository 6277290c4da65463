#pragma once

#include <filesystem>

#include "core/json.h"
#include "driver/source.h"

namespace lightseed {

/// The JSON file beside a raw capture: what the samples are, where they come from, and their digest.
struct Sidecar {
  SourceInfo source;
  std::uint64_t samples = 0;
  std::uint64_t bytes = 0;
  std::string sha256;   ///< of the raw file, hexadecimal
  std::string created;  ///< RFC 3339, UTC
};

/// RAW + ".json".
std::filesystem::path sidecar_path(const std::filesystem::path& raw);

Json to_json(const Sidecar& sidecar);

/// Reads and checks a side-car. Throws Error(io) when it is malformed, naming the file and the member.
Sidecar read_sidecar(const std::filesystem::path& path);

}  // namespace lightseed
