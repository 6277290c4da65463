// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "entropy/extract/registry.h"

namespace lightseed {

/// Von Neumann's extractor (1951): of each pair of bits, equal ones are dropped and unequal ones give their first bit
/// (01 -> 0, 10 -> 1, in the order of the string). For exchangeable bits only, e.g. independent bits of one unknown
/// bias, and without any claim about side information; p (1 - p) output bits an input bit, at most 1/4 on average.
///
/// n >= 2 bits a block; a last odd bit is dropped. The number of output bits, and the time, depend on the data.
std::unique_ptr<Extractor> make_von_neumann(std::size_t n, Target target = active_target());

ExtractorKind von_neumann_kind();

/// The plan of an extractor for exchangeable bits that yields `rate` output bits a raw bit. `formula` says why.
ExtractorPlan plan_for_exchangeable_bits(std::string extractor, const ExtractionRequest& request,
                                         std::size_t largest_output, double rate, std::string formula,
                                         std::string source);

}  // namespace lightseed
