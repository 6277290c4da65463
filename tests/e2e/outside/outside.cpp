// Uses every room from outside, with the includes a user writes: <lightseed/room/file.h>.
#include <lightseed/core/error.h>
#include <lightseed/core/version.h>
#include <lightseed/crypto/merkle.h>
#include <lightseed/driver/registry.h>
#include <lightseed/driver/simulated/models.h>
#include <lightseed/entropy/extract/run_plan.h>
#include <lightseed/pipeline/gated_source.h>

#include <iostream>
#include <vector>

int main() {
  lightseed::SourceRegistry sources;
  lightseed::add_devices(sources);
  lightseed::simulated::add_models(sources);
  const auto source = sources.open("sim:homodyne?seed=1");

  lightseed::GatedSource gated(*source, source->info().claim.bits_per_sample);
  gated.start({});
  std::vector<std::byte> raw(64 * gated.window_bytes());
  gated.read(raw, {});
  const auto plan = lightseed::plan_run(
      lightseed::extractors().front(),
      {.bits_per_sample = source->info().claim.bits_per_sample, .format = source->info().format, .wanted_bits = 128});
  const auto root = lightseed::merkle_root(std::vector{gated.digest()});
  std::cout << "lightseed " << lightseed::version() << ": " << raw.size() << " samples through the gate, "
            << plan.block.shape.output_bits << " of " << plan.block.shape.input_bits << " bits can be used, root "
            << lightseed::hex(root) << '\n';

  try {
    static_cast<void>(sources.open("usb:nothing"));
  } catch (const lightseed::Error& error) {
    return error.category() == lightseed::Category::usage ? 0 : 1;
  }
  return 1;
}
