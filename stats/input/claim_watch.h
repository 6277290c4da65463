// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "stats/input/form.h"

namespace lightseed::stats {

/// Watches raw samples go by for a promise of min-entropy that they cannot hold.
///
/// Only what nobody can doubt is said: the most common value comes so often that, six standard deviations allowed for
/// chance, no source of the promised entropy gives it. Samples that pass are not thereby good.
class ClaimWatch {
 public:
  /// `claim` bits of min-entropy a sample of `bits` (1–16) bits; samples of 16 bits are little-endian, those below
  /// eight packed, the first in the high bits.
  ClaimWatch(unsigned bits, double claim);
  ~ClaimWatch();
  ClaimWatch(const ClaimWatch&) = delete;
  ClaimWatch& operator=(const ClaimWatch&) = delete;

  /// The first million samples are looked at, the rest is left alone.
  void look(std::span<const std::byte> bytes);

  [[nodiscard]] bool has_seen_enough() const noexcept;

  /// Why the promise cannot hold, a sentence; nothing when it may.
  [[nodiscard]] std::optional<std::string> fault() const;

 private:
  unsigned bits_;
  double claim_;
  std::unique_ptr<FormDecoder> decoder_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t samples_ = 0;
};

}  // namespace lightseed::stats
