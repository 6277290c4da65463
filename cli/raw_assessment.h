#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "cli/command.h"
#include "core/json.h"
#include "entropy/key_stream.h"

namespace lightseed::cli {

/// How the command measures min-entropy on a run's own raw samples, and how it checks such a measurement later:
/// the seam between stats/ and the rooms that may not know it.

/// Adds --iid-claim to a verb that makes keys.
void add_assessment_options(boost::program_options::options_description& options);

/// The assessment that the options ask for. Without --iid-claim the non-IID track of SP 800-90B 6.3; with it the IID
/// track of section 5, and the non-IID track after all when a test refutes the claim. Samples wider than 8 bits are
/// cut to the eight bits that say most on their own (6.4), which can only lower the result.
Assess raw_assessment(const Context& context);

/// Recomputes what follows from the counts it states; one sentence a fault.
std::vector<std::string> check_raw_assessment(const Json& measured);

}  // namespace lightseed::cli
