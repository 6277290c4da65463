// SPDX-License-Identifier: Apache-2.0
#include "cli/sources.h"

#include <utility>

#include "driver/source_uri.h"
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

std::string uri_with_faults(const std::string& uri, const std::string& faults) {
  if (faults.empty()) return uri;
  return uri + (uri.find('?') == std::string::npos ? "?" : "&") + "faults=" + SourceUri::encoded(faults);
}

}  // namespace lightseed::cli
