// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/command.h"
#include "entropy/drbg/random_bits.h"

namespace lightseed::cli {

/// The options of every verb that makes random bits for use: --epsilon, --iid-claim, and what stands between the
/// extractor and the user (SP 800-90C): --mode, --drbg, --seed-bytes.
std::vector<Option> key_options();

/// --prefer: what the sizes of a block are chosen for.
Option prefer_option();

/// --epsilon as a whole logarithm to the base 2, rounded down: the promise that is kept is never weaker than the one
/// asked for. From 2^-1000 to 2^-32, the most at which SP 800-90C speaks of full entropy. Throws Error(usage).
int log2_epsilon(const Context& context);

/// Throws Error(usage) for --drbg or --seed-bytes without a mode that uses it: ignored in silence they would look as if
/// they had an effect.
RandomBits::Settings expansion_settings(const Context& context);

}  // namespace lightseed::cli
