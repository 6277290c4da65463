#include "pipeline/gated_source.h"

#include <fmt/format.h>
#include <string.h>

#include <chrono>
#include <vector>

#include "core/error.h"

namespace lightseed {
namespace {

/// A device silent for longer is as good as unplugged.
constexpr std::chrono::seconds silence_limit{10};

}  // namespace

GatedSource::GatedSource(Source& source, double claim, double alpha_log2)
    : source_(source), gate_({.format = source.info().format, .min_entropy = claim, .alpha_log2 = alpha_log2}) {}

GatedSource::~GatedSource() {
  source_.stop();
}

void GatedSource::start(const Patience& patience) {
  source_.start(patience);
  start_up(patience);
}

void GatedSource::start_up(const Patience& patience) {
  std::vector<std::byte> raw(gate_.start_up_bytes());
  do {
    gate_.restart();
  } while (!read_whole(raw, patience));
  const bool passed = gate_.start_up(raw);
  explicit_bzero(raw.data(), raw.size());
  if (!passed) throw_alarm();
}

void GatedSource::read(std::span<std::byte> out, const Patience& patience) {
  try {
    // After a recovery the block in hand is dropped whole, and the source proves itself anew.
    while (!read_whole(out, patience))
      start_up(patience);
    if (!gate_.admit(out)) throw_alarm();
  } catch (...) {
    explicit_bzero(out.data(), out.size());
    throw;
  }
  hash_.update(out);
  bytes_admitted_ += out.size();
}

bool GatedSource::read_whole(std::span<std::byte> out, const Patience& patience) {
  const std::string& uri = info().uri;
  while (!out.empty()) {
    const Read read = source_.read(out, patience.within(silence_limit));
    out = out.subspan(read.bytes);
    switch (read.state) {
      case ReadState::ok: break;
      case ReadState::end_of_data:
        if (out.empty()) return true;
        throw Error(Category::not_enough_data,
                    fmt::format("{} ended after {} bytes, too early for what was asked", uri, bytes_admitted_));
      case ReadState::timeout: throw Error(Category::device, fmt::format("{} delivers nothing: {}", uri, read.detail));
      case ReadState::stopped: throw Error(Category::interrupted, "interrupted");
      case ReadState::restarted: recoveries_.push_back(read.detail); return false;
      case ReadState::alarm:
        throw Error(Category::health, fmt::format("{} reports a health alarm of its own: {}", uri, read.detail));
      case ReadState::disconnected: throw Error(Category::device, fmt::format("{} is gone: {}", uri, read.detail));
      case ReadState::fault: throw Error(Category::device, fmt::format("{} failed: {}", uri, read.detail));
    }
  }
  return true;
}

void GatedSource::throw_alarm() const {
  throw Error(Category::health,
              fmt::format("health alarm on {}: {}; the samples are discarded and nothing more comes out", info().uri,
                          describe(*gate_.alarm(), gate_.settings())));
}

Json GatedSource::health_evidence() const {
  Json json = gate_.evidence();
  json["recoveries"] = recoveries_;
  return json;
}

}  // namespace lightseed
