// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/models.h"

#include "driver/simulated/arrival_time/arrival_time.h"
#include "driver/simulated/ase/ase.h"
#include "driver/simulated/frame/simulated_source.h"
#include "driver/simulated/homodyne/homodyne.h"
#include "driver/simulated/phase_noise/phase_noise.h"
#include "driver/simulated/photon_number/photon_number.h"
#include "driver/simulated/which_path/which_path.h"

namespace lightseed::simulated {

const std::vector<ModelKind>& models() {
  static const std::vector<ModelKind> all{homodyne_kind(),    which_path_kind(), photon_number_kind(),
                                          phase_noise_kind(), ase_kind(),        arrival_time_kind()};
  return all;
}

void add_models(SourceRegistry& registry) {
  for (const ModelKind& kind : models())
    registry.add(driver_of(kind));
}

}  // namespace lightseed::simulated
