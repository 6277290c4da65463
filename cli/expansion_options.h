#pragma once

#include "cli/command.h"
#include "entropy/drbg/random_bits.h"

namespace lightseed::cli {

/// --mode, --drbg and --seed-bytes: what stands between the extractor and the user (SP 800-90C), for every verb that
/// makes random bits.
void add_expansion_options(boost::program_options::options_description& options);

/// Throws Error(usage) for a mode or a quantity that is none.
RandomBits::Settings expansion_settings(const Context& context);

}  // namespace lightseed::cli
