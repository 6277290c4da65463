// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/models.h"

#include "driver/simulated/frame/simulated_source.h"
#include "driver/simulated/homodyne/homodyne.h"

namespace lightseed::simulated {

const std::vector<ModelKind>& models() {
  static const std::vector<ModelKind> all{homodyne_kind()};
  return all;
}

void add_models(SourceRegistry& registry) {
  for (const ModelKind& kind : models())
    registry.add(driver_of(kind));
}

}  // namespace lightseed::simulated
