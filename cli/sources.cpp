// SPDX-License-Identifier: Apache-2.0
#include "cli/sources.h"

#include <utility>

#include "pipeline/measure.h"
#include "pipeline/pool.h"
#ifdef LIGHTSEED_SIMULATED
#include "driver/simulated/models.h"
#endif

namespace lightseed::cli {

SourceRegistry all_sources(Console& console) {
  SourceRegistry sources;
  add_devices(sources, faults_of_assessed_json);
#ifdef LIGHTSEED_SIMULATED
  simulated::add_models(sources);
#endif
  const auto notice = [&console](const std::string& sentence) { console.err() << "lightseed: " << sentence << "\n"; };
  for (SourceDriver& pool : pool_drivers(sources, notice))
    sources.add(std::move(pool));
  return sources;
}

}  // namespace lightseed::cli
