// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lightseed {

/// SIMs of an order that have keys already.
struct KnownSims {
  std::uint64_t count = 0;
  std::vector<std::string> iccids;   ///< the first few
  std::vector<std::string> batches;  ///< that hold those few, each once

  /// Counts one more. True when it is among the few that are named, and so shall its batches be.
  bool add(const std::string& iccid);
  void name_batch(const std::string& batch);
};

}  // namespace lightseed
