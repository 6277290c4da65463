#include <utility>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "core/secret_bytes.h"
#include "crypto/initialise.h"
#include "driver/registry.h"
#include "pipeline/pool.h"
#include "pipeline/pool_judge.h"
#ifdef LIGHTSEED_SIMULATED
#include "driver/simulated/models.h"
#endif

int main(int argc, char** argv) {
  using namespace lightseed;
  forbid_core_dumps();
  crypto::initialise();
  const cli::Interrupt interrupt;
  SourceRegistry sources;
  add_devices(sources);
#ifdef LIGHTSEED_SIMULATED
  simulated::add_models(sources);
#endif
  for (SourceDriver& pool : pool_drivers(sources, health_judge()))
    sources.add(std::move(pool));
  return cli::run_command_line(argc, argv, sources, interrupt.token());
}
