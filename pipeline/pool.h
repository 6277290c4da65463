#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "driver/registry.h"
#include "driver/source.h"
#include "pipeline/block_judge.h"

namespace lightseed {

/// Hears, on the thread that reads the pool, that a member has left it and why.
using PoolNotice = std::function<void(const std::string&)>;

/// Several devices as one source: a thread and a judge for each, their blocks one after the other as they come.
///
/// A device that fails, or that its judge finds unhealthy, leaves; status() keeps what happened, and the others go on.
/// When none is left, read() says how the last one ended. The claim is the least of the members', the provenance the
/// worst; that the members are independent joins the claim's assumptions. Throws Error(usage) for no members, different
/// sample formats, and the same source twice: equal names, serial numbers, device nodes, files or seeds.
std::unique_ptr<Source> make_pool(std::string uri, std::vector<std::unique_ptr<Source>> members,
                                  const JudgeMaker& judge, const PoolNotice& notice = {});

/// The entries "usb:*" (every known device that is ready) and "pool:URI,URI,…" (these) for the sources in `registry`.
std::vector<SourceDriver> pool_drivers(const SourceRegistry& registry, const JudgeMaker& judge,
                                       const PoolNotice& notice = {});

}  // namespace lightseed
