// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "cli/command.h"
#include "core/secret_bytes.h"
#include "entropy/extract/registry.h"

namespace lightseed::cli {

/// The seed string of a plan, as words in native order, and what may be said about it.
struct ExtractSeed {
  SecretBytes string;  ///< as read, whole words
  SecretBytes native;  ///< for Toeplitz matrices given in another order
  std::size_t bytes = 0;
  Json origin;

  [[nodiscard]] std::span<const std::uint64_t> words() const {
    return native.size() != 0 ? native.words() : string.words();
  }
};

/// --seed-file in --seed-order, or the operating system's generator. Throws Error(usage) for a file that is not exactly
/// as long as the shape asks for.
ExtractSeed make_seed(const Context& context, const ExtractorKind& kind, const ExtractorShape& shape);

}  // namespace lightseed::cli
