// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace lightseed {

/// Leftover hash lemma for two-universal families, valid against quantum side information
/// (Tomamichel, Schaffner, Smith, Renner, IEEE Trans. Inf. Theory 57 (2011) 5524, arXiv:1002.2436).
///
/// Output bits m = floor(k + 2 log2 epsilon), the form without the "+2" (Foreman et al., arXiv:2402.09481):
/// two bits more careful. `min_entropy` k in bits a block, `log2_epsilon` < 0 the distance from uniform a block.
/// Zero when nothing can be extracted.
std::size_t leftover_hash_output(double min_entropy, double log2_epsilon);

}  // namespace lightseed
