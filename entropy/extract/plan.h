// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "entropy/extract/extractor.h"

namespace lightseed {

/// Who the output must look uniform to.
enum class SideInformation {
  classical,  ///< somebody who knows classical data about the source
  quantum,    ///< somebody who may hold a quantum system correlated with it
};

std::string_view name_of(SideInformation side) noexcept;

/// What is known about one block of raw bits and what is wanted of it.
struct ExtractionRequest {
  std::size_t block_bits = 16384;  ///< n; an extractor that needs a special length takes the next one below
  double entropy_per_bit = 0;      ///< min-entropy of a raw bit given all before and the side information, (0, 1]
  /// k of a block where it is not n * entropy_per_bit: blocks that are not filled with raw bits.
  std::optional<double> min_entropy{};
  double log2_epsilon = -64;  ///< distance from uniform allowed for one block, smoothing included
  /// The entropy is smooth min-entropy of this smoothing parameter (purified distance): it costs 2 * 2^log2_smoothing.
  std::optional<double> log2_smoothing{};
  SideInformation side = SideInformation::quantum;
  double seed_entropy_per_bit = 1;  ///< below 1: a weak seed, independent of the source given the side information
  std::optional<std::size_t> output_bits{};  ///< m; the most the theory allows when left out
};

/// The parameters of one extractor for one request, with the arithmetic that leads to them.
struct ExtractorPlan {
  std::string extractor;      ///< registered name
  ExtractorShape shape;       ///< n, m, d
  double min_entropy = 0;     ///< k of the block
  double log2_epsilon = 0;    ///< of one block; 0 (epsilon = 1: no promise) for the von Neumann family
  std::size_t most_bits = 0;  ///< the largest m the theory allows
  std::string formula;        ///< how most_bits came to be, with the numbers in it
  std::string source;         ///< where the formula is proved
  std::vector<std::string> assumptions;

  /// Output bits per bit of min-entropy; means nothing for the von Neumann family.
  [[nodiscard]] double efficiency() const noexcept {
    return min_entropy > 0 ? static_cast<double>(shape.output_bits) / min_entropy : 0;
  }
};

Json to_json(const ExtractorPlan& plan);

/// Throws Error(usage) when a member of the request is out of its range.
void validate(const ExtractionRequest& request);

/// k of a block of n bits.
double min_entropy_of(const ExtractionRequest& request, std::size_t n) noexcept;

/// How far a sum of a few terms, `magnitude` together, may be off for being computed in doubles. Bounds that have
/// nothing in hand take it away before they round down.
double rounding_error(double magnitude) noexcept;

/// What is left of the request's epsilon for the extractor after smoothing, as log2. Throws Error(refused), with the
/// arithmetic, when nothing is.
double log2_epsilon_after_smoothing(const ExtractionRequest& request);

/// Fills m: the requested one, or the most allowed, rounded down to a multiple of 64 from 1024 on (whole words need no
/// shifts; the kernels are fastest at multiples of 1024, which cost more output). Throws Error(refused), with the
/// arithmetic, when no bit can be extracted or more is requested than `plan.most_bits`.
void settle_output(ExtractorPlan& plan, const ExtractionRequest& request);

/// A plan for a two-universal family by the leftover hash lemma, which reads the same classically and against quantum
/// side information: the largest m <= cap with m <= k - (1 - h_seed) d(n, m) + 2 log2 epsilon. `seed_bits(n, m)` is
/// d, the seed bits that matter: a weak seed costs what it lacks (arXiv:2402.09481). The caller fills shape.seed_bits.
ExtractorPlan plan_by_leftover_hash(std::string extractor, std::size_t n, const ExtractionRequest& request,
                                    std::size_t cap, std::size_t (*seed_bits)(std::size_t n, std::size_t m));

}  // namespace lightseed
