// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"

namespace lightseed {

/// Which file was assessed, and which of its samples.
struct InputRecord {
  std::string file;
  std::string sha256;                 ///< of the whole file, hexadecimal; where `whole` is false, of what was read
  std::uint64_t bytes = 0;            ///< likewise
  std::uint64_t first = 0;            ///< number of the first sample taken
  bool whole = true;                  ///< false: a pipe or device of which no more was read
  std::vector<unsigned> kept_bits{};  ///< bits kept of wider samples, most significant first
  std::string format = "raw";         ///< the form of the file
};

/// `{"file":…,"sha256":…,"bytes":…,"first":…}`; `"whole":false`, `kept_bits` and `format`
/// where they say something.
Json to_json(const InputRecord& input);

}  // namespace lightseed
