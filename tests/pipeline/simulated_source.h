// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "driver/registry.h"
#include "driver/simulated/models.h"

namespace lightseed::test {

/// The simulated source that a URI names.
inline std::unique_ptr<Source> simulated_source(const std::string& uri) {
  SourceRegistry sources;
  simulated::add_models(sources);
  return sources.open(uri);
}

}  // namespace lightseed::test
