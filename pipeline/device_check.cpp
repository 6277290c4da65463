// SPDX-License-Identifier: Apache-2.0
#include "pipeline/device_check.h"

#include <fmt/format.h>

#include <vector>

#include "core/error.h"
#include "core/secret_bytes.h"
#include "pipeline/gated_source.h"

namespace lightseed {
namespace {

using Clock = std::chrono::steady_clock;

/// A rate far below what the device should give means a bad cable, a busy hub or a wrong mode.
constexpr double least_share_of_rate = 0.5;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Times a source that claims nothing.
void time_alone(Source& source, const Patience& patience, DeviceCheck& check) {
  source.start(Patience{.stop = patience.stop});
  const auto begin = Clock::now();
  SecretBytes buffer(4096);
  while (!patience.expired()) {
    const Read read = source.read(buffer.bytes(), patience);
    check.samples += source.info().format.samples_in(read.bytes);
    if (read.state == ReadState::stopped) throw Error(Category::interrupted, read.detail);
    if (read.state == ReadState::ok || read.state == ReadState::timeout) continue;
    throw Error(Category::device, read.detail);
  }
  check.seconds = seconds_since(begin);
}

void time_gated(Source& source, const Patience& patience, DeviceCheck& check) {
  GatedSource gated(source, source.info().claim.bits_per_sample);
  try {
    gated.start(Patience{.stop = patience.stop});
    const auto begin = Clock::now();
    SecretBytes buffer(gated.window_bytes());
    while (!patience.expired()) {
      gated.read(buffer.bytes(), Patience{.stop = patience.stop});
      check.samples += source.info().format.samples_in(buffer.size());
    }
    check.seconds = seconds_since(begin);
    check.health = to_json(gated.health());
  } catch (const Error&) {
    check.health = to_json(gated.health());
    throw;
  }
}

}  // namespace

DeviceCheck check_device(Source& source, std::chrono::milliseconds time, const std::stop_token& stop) {
  DeviceCheck check;
  check.info = source.info();
  const bool claims = check.info.claim.bits_per_sample > 0;
  try {
    const Patience patience = Patience{.stop = stop}.within(time);
    claims ? time_gated(source, patience, check) : time_alone(source, patience, check);
    check.status = source.status();
    check.samples_per_second = check.seconds > 0 ? static_cast<double>(check.samples) / check.seconds : 0;
    const bool slow =
        check.info.nominal_rate > 0 && check.samples_per_second < least_share_of_rate * check.info.nominal_rate;
    check.well = !slow && check.samples > 0;
    check.verdict = slow ? fmt::format("slow: {:.0f} samples a second instead of {:.0f}", check.samples_per_second,
                                       check.info.nominal_rate)
                    : check.samples == 0 ? "it gave nothing"
                    : claims             ? "well: the health tests found nothing"
                                         : "it delivers; nothing is claimed of it, so nothing was tested";
  } catch (const Error& error) {
    source.stop();
    if (error.category() == Category::interrupted) throw;
    check.verdict = error.what();
  }
  source.stop();
  return check;
}

}  // namespace lightseed
