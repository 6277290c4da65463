#pragma once

#include <memory>
#include <string>
#include <vector>

#include "driver/registry.h"
#include "driver/source.h"
#include "pipeline/block_judge.h"

namespace lightseed {

/// Several devices as one source: a thread and a judge for each, their blocks one after the other as they come.
///
/// A device that fails, or that its judge finds unhealthy, leaves; status() keeps what happened, and the others go on.
/// When none is left, read() says how the last one ended. The claim is the least of the members', the provenance the
/// worst. Throws Error(usage) for no members or different sample formats.
std::unique_ptr<Source> make_pool(std::string uri, std::vector<std::unique_ptr<Source>> members,
                                  const JudgeMaker& judge);

/// The entries "usb:*" (every known device that is ready) and "pool:URI,URI,…" (these) for the sources in `registry`.
std::vector<SourceDriver> pool_drivers(const SourceRegistry& registry, const JudgeMaker& judge);

}  // namespace lightseed
