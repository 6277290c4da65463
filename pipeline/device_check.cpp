// SPDX-License-Identifier: Apache-2.0
#include "pipeline/device_check.h"

#include <fmt/format.h>

#include "core/secret_bytes.h"
#include "pipeline/gated_source.h"

namespace lightseed {
namespace {

using Clock = SteadyClock;

/// A rate far below what the device should give means a bad cable, a busy hub or a wrong mode.
constexpr double least_share_of_rate = 0.5;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Times a source that claims nothing.
void time_alone(Source& source, std::chrono::milliseconds time, const std::stop_token& stop, DeviceCheck& check) {
  source.start({.stop = stop});
  const auto begin = Clock::now();
  const Patience patience = Patience{.stop = stop}.within(time);
  SecretBytes buffer(4096);
  while (!patience.expired()) {
    const Read read = source.read(buffer.bytes(), patience);
    check.samples += source.info().format.samples_in(read.bytes);
    if (read.state == ReadState::ok || read.state == ReadState::timeout || read.state == ReadState::restarted) continue;
    throw Error(category_of(read.state), read.detail);
  }
  check.seconds = seconds_since(begin);
  check.status = source.status();
}

/// The time begins when the start-up test is over, which takes a slow source seconds.
void time_gated(Source& source, std::chrono::milliseconds time, const GateOptions& options, const std::stop_token& stop,
                DeviceCheck& check) {
  GatedSource gated(source, options);
  try {
    gated.start({.stop = stop});
    const auto begin = Clock::now();
    SecretBytes buffer(gated.window_bytes());
    while (Clock::now() < begin + time) {
      gated.read(buffer.bytes(), {.stop = stop});
      check.samples += source.info().format.samples_in(buffer.size());
    }
    check.seconds = seconds_since(begin);
    check.gate = gated.record();
    check.status = source.status();  // while it runs: a device that was stopped has no readings
  } catch (const Error&) {
    check.gate = gated.record();
    throw;
  }
}

std::size_t alarms_of(const GateRecord& gate) {
  std::size_t alarms = gate.health.alarms.size();
  for (const GatedMember& member : gate.members)
    alarms += member.health.alarms.size();
  return alarms;
}

/// The verdict on a source that has run to the end of its time.
void judge(DeviceCheck& check) {
  const double nominal = check.info.nominal_rate;
  if (check.samples == 0) {
    check.verdict = "it gave nothing";
    check.unwell = Category::device;
  } else if (nominal > 0 && check.samples_per_second < least_share_of_rate * nominal) {
    check.verdict = fmt::format("slow: {:.0f} samples a second instead of {:.0f}", check.samples_per_second, nominal);
    check.unwell = Category::verdict;
  } else if (!check.gate) {
    check.verdict = "it delivers; nothing is claimed of it, so nothing was tested";
  } else if (const std::size_t alarms = alarms_of(*check.gate); alarms > 0) {
    check.verdict =
        fmt::format("well, after {} health {} that chance may explain", alarms, alarms == 1 ? "alarm" : "alarms");
  } else {
    check.verdict = "well: the health tests found nothing";
  }
}

}  // namespace

DeviceCheck check_device(Source& source, std::chrono::milliseconds time, const std::stop_token& stop,
                         const GateOptions& options) {
  DeviceCheck check{.info = source.info()};
  try {
    if (check.info.claim.bits_per_sample > 0) {
      time_gated(source, time, options, stop, check);
    } else {
      time_alone(source, time, stop, check);
    }
    check.samples_per_second = check.seconds > 0 ? static_cast<double>(check.samples) / check.seconds : 0;
    judge(check);
  } catch (const Error& error) {
    source.stop();
    if (error.category() == Category::interrupted) throw;
    check.verdict = error.what();
    check.unwell = error.category();
  }
  source.stop();
  return check;
}

}  // namespace lightseed
