// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gated_reader.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "core/error.h"
#include "core/secret_bytes.h"
#include "stats/health/monitored.h"

namespace lightseed {
namespace {

using namespace std::chrono_literals;

/// How long one read may take, so that somebody can be told how far a slow source is.
constexpr auto one_read = 1s;
/// A source that is silent for so many reads in a row is as good as unplugged.
constexpr unsigned most_silent_reads = 10;
/// What is read and judged at a time: stays in the second-level cache.
constexpr std::size_t gated_bytes = 64 * 1024;

/// The health tests that a source brings along; none for most.
std::vector<std::unique_ptr<health::HealthTest>> monitors_of(Source& source) {
  auto* const monitored = dynamic_cast<health::Monitored*>(&source);
  return monitored != nullptr ? monitored->make_health_tests() : std::vector<std::unique_ptr<health::HealthTest>>{};
}

}  // namespace

GatedReader::GatedReader(Source& source, GateOptions options)
    : source_(source),
      gate_({.format = source.info().format,
             .min_entropy = source.info().claim.bits_per_sample,
             .alpha_log2 = options.alpha_log2},
            monitors_of(source)),
      options_(std::move(options)),
      dark_(DarkLook::of(source)) {}

GateRecord GatedReader::record() const {
  GateRecord record{.health = gate_.evidence()};
  if (dark_) std::ranges::move(dark_->records(), std::back_inserter(record.health.tests));
  return record;
}

Read GatedReader::start(const Patience& patience) {
  source_.start(patience);
  gate_.restart();
  if (dark_) {
    Read seen = look_in_the_dark(patience);
    if (seen.state != ReadState::ok) return seen;
  }
  return start_up(patience);
}

Read GatedReader::finish(const Patience& patience) {
  if (!dark_) return {};
  Read seen = look_in_the_dark(patience);
  // A source that was brought back meanwhile has closed the gate: it is left open.
  const bool closed = !gate_.evidence().running;
  return seen.state == ReadState::ok && closed ? start_up(patience) : seen;
}

Read GatedReader::start_up(const Patience& patience) {
  SecretBytes raw(gate_.start_up_bytes());
  while (true) {
    Read read = fill(raw.bytes(), patience, false);
    if (read.state == ReadState::ok && gate_.start_up(raw.bytes())) return read;
    if (read.state == ReadState::ok) read.state = ReadState::alarm;
    if (!survives(read)) return end(read);
  }
}

Read GatedReader::read(std::span<std::byte> out, const Patience& patience) try {
  Read read = read_until_end(out, patience);
  if (read.state != ReadState::ok) explicit_bzero(out.data(), out.size());
  return read;
} catch (...) {
  explicit_bzero(out.data(), out.size());
  throw;
}

Read GatedReader::read_until_end(std::span<std::byte> out, const Patience& patience) {
  const SampleFormat& format = info().format;
  std::size_t done = 0;  ///< of `out`, before the last look in the dark
  while (true) {
    const std::size_t part = before_next_look(out.size() - done);
    if (part == 0) {
      gate_.restart();
      Read read = look_in_the_dark(patience);
      if (read.state == ReadState::ok) read = start_up(patience);
      if (read.state == ReadState::ok) continue;
      gate_.discard(format.samples_in(done), 0);
      return read;
    }
    Read read = fill(out.subspan(done, part), patience, true);
    if (read.state == ReadState::ok) {
      if (dark_) dark_->used(format.samples_in(part));
      done += part;
      if (done == out.size()) return {done, ReadState::ok, {}};
      continue;
    }
    // The block in hand is all of it.
    gate_.discard(format.samples_in(done), 0);
    done = 0;
    if (!survives(read)) return end(read);
    read = start_up(patience);
    if (read.state != ReadState::ok) return read;
  }
}

std::size_t GatedReader::before_next_look(std::size_t wanted) const {
  if (!dark_) return wanted;
  const std::size_t window = gate_.window_bytes();
  const std::uint64_t windows = dark_->left() / info().format.samples_in(window);
  return static_cast<std::size_t>(std::min<std::uint64_t>(wanted / window, windows)) * window;
}

Read GatedReader::look_in_the_dark(const Patience& patience) {
  while (true) {
    DarkLook::Seen seen = dark_->look(patience, options_.progress);
    if (seen.read.state == ReadState::ok) return seen.read;
    if (seen.read.state == ReadState::restarted) {
      gate_.restart_recovered(seen.read.detail);
      tell(fmt::format("{}: {}; it is looked at in the dark once more", info().uri, seen.read.detail));
      continue;
    }
    if (seen.read.state != ReadState::alarm || seen.test.empty()) return end(seen.read);
    gate_.fail(std::move(seen.test), std::move(seen.read.detail));
    const HealthAlarm& alarm = *gate_.alarm();
    return {0, ReadState::alarm,
            fmt::format("health alarm on {}, looked at without its light: {}: {}; it is not as it was calibrated, so "
                        "that what it gave since the look before may be no light either: nothing more comes out. "
                        "Calibrate it again; should the alarm come back, its light or its electronics are at fault",
                        info().uri, alarm.test, alarm.words)};
  }
}

Read GatedReader::fill(std::span<std::byte> out, const Patience& patience, bool judge) {
  const std::size_t window = gate_.window_bytes();
  std::size_t filled = 0, judged = 0;
  unsigned silent = 0;
  while (filled < out.size()) {
    const auto piece = out.subspan(filled, std::min(gated_bytes, out.size() - filled));
    Read read = source_.read(piece, patience.within(one_read));
    filled += read.bytes;
    if (judge && filled / window > judged / window) {
      const std::size_t whole = filled / window * window;
      if (!gate_.admit(out.subspan(judged, whole - judged))) return drop(judged, filled, {0, ReadState::alarm, {}});
      judged = whole;
    }
    if (options_.progress) {
      const SampleFormat& format = info().format;
      options_.progress(judge ? "samples" : "start-up test", format.samples_in(filled), format.samples_in(out.size()));
    }
    silent = read.bytes > 0 ? 0 : silent + 1;
    const bool goes_on = read.state == ReadState::ok ||
                         (read.state == ReadState::timeout && !patience.expired() && silent < most_silent_reads) ||
                         (read.state == ReadState::end_of_data && filled == out.size());
    if (goes_on) continue;
    if (read.state == ReadState::timeout) {
      read.detail = silent >= most_silent_reads
                        ? fmt::format("not one byte in {} seconds", most_silent_reads * one_read.count())
                        : fmt::format("{} of {} bytes came before the deadline", filled, out.size());
    }
    return drop(judged, filled, std::move(read));
  }
  return {filled, ReadState::ok, {}};
}

Read GatedReader::drop(std::size_t judged, std::size_t filled, Read why) {
  const SampleFormat& format = info().format;
  gate_.discard(format.samples_in(judged), format.samples_in(filled - judged));
  why.bytes = 0;
  return why;
}

bool GatedReader::survives(const Read& failure) {
  if (failure.state == ReadState::restarted) {
    gate_.restart_recovered(failure.detail);
    tell(
        fmt::format("{}: {}; the block in hand is dropped and the start-up test repeated", info().uri, failure.detail));
    return true;
  }
  if (!gate_.alarm() || gate_.persistent()) return false;
  tell(fmt::format("{}: health alarm: {}; the block in hand is dropped and the start-up test repeated", info().uri,
                   health::describe(*gate_.alarm())));
  gate_.restart();
  return true;
}

Read GatedReader::end(const Read& failure) const {
  const std::string& uri = info().uri;
  const auto sentence = [&]() -> std::string {
    switch (failure.state) {
      case ReadState::end_of_data: return fmt::format("{} ended after {} samples", uri, gate_.admitted());
      case ReadState::timeout: return fmt::format("{} is too slow: {}", uri, failure.detail);
      case ReadState::stopped: return "interrupted";
      case ReadState::alarm:
        if (!gate_.alarm()) return fmt::format("{} reports a health alarm of its own: {}", uri, failure.detail);
        return fmt::format(
            "health alarm on {}: {}; a healthy source does not give so many alarms: the samples are discarded and "
            "nothing more comes out",
            uri, health::describe(*gate_.alarm()));
      case ReadState::disconnected: return fmt::format("{} is gone: {}", uri, failure.detail);
      case ReadState::ok:
      case ReadState::restarted:
      case ReadState::fault: break;
    }
    return fmt::format("{} failed: {}", uri, failure.detail);
  };
  return {0, failure.state, sentence()};
}

void GatedReader::tell(const std::string& sentence) const {
  if (options_.notice) options_.notice(sentence);
}

}  // namespace lightseed
