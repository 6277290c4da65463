// SPDX-License-Identifier: Apache-2.0
#include "cli/calibration_options.h"

#include <cstdint>
#include <ctime>
#include <optional>
#include <utility>

#include "core/error.h"
#include "pipeline/calibrated_source.h"

namespace lightseed::cli {

std::vector<Option> calibration_options() {
  return {{.name = "calibration",
           .value = "FILE",
           .text = "what `calibrate` wrote for this very source: its claim and its monitors' limits count"},
          {.name = "calibration-trust",
           .value = "CRT",
           .text = "who must have signed it: needed for every source that is not simulated"}};
}

Option dark_check_option() {
  return {.name = "dark-check",
          .value = "N",
          .text =
              "switch the light of a source with a --calibration off at the beginning, after every N samples (1Mi at "
              "least) and at the end, and end with 5 unless it is in the dark as it was calibrated"};
}

Option binding_option() {
  return {.name = "binding",
          .value = "WHAT",
          .text =
              "which min-entropy counts: the lower of claim and measurement, or the claim of a --calibration while "
              "its monitors find nothing; a certificate says which, and its reader need not accept it",
          .fallback = "lower",
          .choices = {"lower", "calibration"}};
}

bool calibration_binds(const Context& context) {
  if (context.text("binding") != "calibration") return false;
  if (!context.has("calibration"))
    throw Error(Category::usage, "--binding calibration: there is no --calibration that could bind");
  return true;
}

std::unique_ptr<Source> open_source(const Context& context, const std::string& uri) {
  const bool dark_check = context.options.given("dark-check");
  if (!context.has("calibration")) {
    if (dark_check)
      throw Error(Category::usage,
                  "--dark-check compares a source with its --calibration, and there is none: leave it out");
    if (context.has("calibration-trust"))
      throw Error(Category::usage, "--calibration-trust has no effect without --calibration: leave it out");
    return context.sources.open(uri);
  }
  // The file comes first: a device is not touched for one that says nothing.
  std::optional<TrustAnchor> trust;
  if (context.has("calibration-trust")) trust = TrustAnchor::read(context.text("calibration-trust"));
  Calibration calibration = read_calibration(context.text("calibration"), trust);
  const std::uint64_t every = dark_check ? context.options.count("dark-check", {.least = health::least_dark_interval,
                                                                                .most = health::most_dark_interval})
                                         : 0;
  return std::make_unique<CalibratedSource>(context.sources.open(uri), std::move(calibration), std::time(nullptr),
                                            every);
}

}  // namespace lightseed::cli
