#include "driver/simulated/models.h"

namespace lightseed::simulated {

void add_models(SourceRegistry& registry) {
  (void)registry;
}

}  // namespace lightseed::simulated
