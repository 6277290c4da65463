// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "entropy/extract/registry.h"

namespace lightseed {

/// Elias' extractor (Ann. Math. Statist. 43 (1972) 865) on words of 64 bits: words with the same number of ones are
/// equally likely, so the word's rank among them is uniform on C(64, ones) values; the binary expansion of that number
/// cuts the ranks into groups of 2^a, and a rank gives the a bits of its place in its group. For exchangeable bits
/// only, as von Neumann's; time depends on the data.
///
/// n >= 64 bits a block; an incomplete last word is dropped.
std::unique_ptr<Extractor> make_elias(std::size_t n);

ExtractorKind elias_kind();

}  // namespace lightseed
