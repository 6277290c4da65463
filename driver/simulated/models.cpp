#include "driver/simulated/models.h"

#include "driver/simulated/homodyne/homodyne.h"

namespace lightseed::simulated {

void add_models(SourceRegistry& registry) {
  registry.add(homodyne_driver());
}

}  // namespace lightseed::simulated
