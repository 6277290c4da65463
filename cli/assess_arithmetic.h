#pragma once

#include "cli/command.h"

namespace lightseed::cli {

/// What `assess` computes from claims alone, without samples.

/// --cutoffs: the health tests' cut-offs from --claim (SP 800-90B 4.4).
int show_cutoffs(const Context& context);

/// --conditioning NIN,NOUT,NW,HIN: min-entropy of a conditioning component's output (3.1.5). `conditioned` is the
/// assessment of such output, with its h_bitstring; null for a vetted component, which needs none.
int show_conditioning(const Context& context, const Json& conditioned);

}  // namespace lightseed::cli
