// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

#include "entropy/extract/registry.h"

namespace lightseed {

/// Peres' extractor (Ann. Statist. 20 (1992) 590): von Neumann's, then the same again on the XORs of all pairs and on
/// the values of the equal pairs: P(x) = VN(x) P(xors) P(equals), P of fewer than 2 bits being empty. The rate tends to
/// the Shannon entropy h(p) of the bits. For exchangeable bits only, as von Neumann's; time depends on the data.
///
/// n >= 2 bits a block; a last odd bit is dropped, at each level.
std::unique_ptr<Extractor> make_peres(std::size_t n, Target target = active_target());

ExtractorKind peres_kind();

}  // namespace lightseed
