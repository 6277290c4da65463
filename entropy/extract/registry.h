// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "entropy/extract/extractor.h"
#include "entropy/extract/plan.h"
#include "gf2/target.h"

namespace lightseed {

/// The input_bits of a kind that takes blocks of any length.
constexpr std::size_t any_length(std::size_t block_bits) noexcept {
  return block_bits;
}

/// One kind of extractor: how to choose its parameters and how to make one.
struct ExtractorKind {
  std::string_view name;
  std::string_view summary;  ///< one line for a person
  bool seeded = true;        ///< false: for exchangeable bits only, without a promise

  /// n of the longest block of at most `block_bits` bits that this kind takes. Throws Error(usage) when there is none.
  std::size_t (*input_bits)(std::size_t block_bits) = any_length;

  /// Throws Error(refused) with the arithmetic when nothing can be extracted, Error(usage) for a request this
  /// kind does not know.
  ExtractorPlan (*plan)(const ExtractionRequest& request) = nullptr;

  /// `seed` holds words_for(shape.seed_bits) words. Throws Error(usage) when shape and seed do not fit each other,
  /// Error(refused) for a seed that cannot be random.
  std::unique_ptr<Extractor> (*make)(const ExtractorShape& shape, std::span<const std::uint64_t> seed,
                                     Target target) = nullptr;

  /// Work of a block, to compare shapes of this kind with each other; null where it grows smoothly with n and m.
  double (*work)(const ExtractorShape& shape) = nullptr;

  /// Rows and columns of the Toeplitz matrix, for kinds whose seed is one and may be given in a peer's order
  /// (seed_order.h); null for the others.
  std::pair<std::size_t, std::size_t> (*matrix)(const ExtractorShape& shape) = nullptr;
};

/// The `make` of a kind for which n and m say everything.
template <std::unique_ptr<Extractor> (*make)(std::size_t n, std::size_t m, std::span<const std::uint64_t> seed,
                                             Target target)>
std::unique_ptr<Extractor> make_by_sizes(const ExtractorShape& shape, std::span<const std::uint64_t> seed,
                                         Target target) {
  return make(shape.input_bits, shape.output_bits, seed, target);
}

/// Every extractor, the default first. New extractor: one folder, one line in registry.cpp.
const std::vector<ExtractorKind>& extractors();

/// By name. Throws Error(usage) listing the known names.
const ExtractorKind& extractor_kind(std::string_view name);

}  // namespace lightseed
