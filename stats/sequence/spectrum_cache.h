// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <mutex>

#include "stats/sequence/spectrum.h"

namespace lightseed::stats {

/// Tables for the lengths that came, each made once, for any number of threads. A run has one length, or a second one
/// for its rest.
class SpectrumCache {
 public:
  const Spectrum& of(std::size_t n) {
    const std::lock_guard lock(mutex_);
    return spectra_.try_emplace(n, n).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::size_t, Spectrum> spectra_;
};

}  // namespace lightseed::stats
