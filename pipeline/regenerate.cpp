// SPDX-License-Identifier: Apache-2.0
#include "pipeline/regenerate.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/checked.h"
#include "core/error.h"
#include "core/patience.h"
#include "evidence/json_difference.h"
#include "pipeline/calibrated_source.h"
#include "pipeline/gated_flow.h"

namespace lightseed {
namespace {

constexpr std::size_t compared_bytes = 1 << 18;

std::unique_ptr<Source> source_of(const SourceRegistry& sources, const Sidecar& sidecar) {
  const SourceInfo& info = sidecar.source;
  if (info.provenance != Provenance::simulated || !info.driver.starts_with("sim:")) {
    throw Error(Category::refused,
                fmt::format("{} is no simulated source: its samples cannot be drawn again", info.uri));
  }
  if (!sidecar.gaps.empty()) {
    throw Error(Category::refused, "the capture has a gap, and no simulated source makes one");
  }
  return sources.open(info.uri);
}

/// Fills `wanted` from the source.
void draw(Source& source, std::span<std::byte> wanted, const Patience& patience) {
  while (!wanted.empty()) {
    const Read read = source.read(wanted, patience);
    wanted = wanted.subspan(read.bytes);
    if (read.state == ReadState::stopped) throw Error(Category::interrupted, "interrupted");
    if (read.state != ReadState::ok && !wanted.empty()) {
      throw Error(category_of(read.state), fmt::format("{}: {}", source.info().uri, read.detail));
    }
  }
}

Difference at(std::uint64_t byte, unsigned there, unsigned drawn) {
  return {byte, fmt::format("byte {} is 0x{:02x}, and the source gives 0x{:02x}", byte, there, drawn)};
}

}  // namespace

std::optional<Difference> difference_from_regenerated(const SourceRegistry& sources, const Sidecar& sidecar,
                                                      const CaptureReader& capture,
                                                      const std::function<void(std::uint64_t)>& progress,
                                                      const std::stop_token& stop) {
  const auto source = source_of(sources, sidecar);
  SourceInfo described = sidecar.source;
  // A claim by a calibration is not the source's own, and says nothing of its samples.
  if (is_calibrated(described)) described.claim = source->info().claim;
  if (const auto words = first_difference(to_json(source->info()), to_json(described))) {
    return Difference{{}, fmt::format("the side-car does not describe {}: {}", source->info().uri, *words)};
  }
  const Sidecar::Restarts rows = sidecar.restarts.value_or(Sidecar::Restarts{1, sidecar.samples});
  const SampleFormat& format = sidecar.source.format;
  if (rows.columns > sidecar.samples || checked_product({rows.rows, format.bytes_for(rows.columns)}) != sidecar.bytes) {
    return Difference{{},
                      fmt::format("the side-car speaks of {} bytes and of {} rows of {} samples", sidecar.bytes,
                                  rows.rows, rows.columns)};
  }
  std::vector<std::byte> wanted(compared_bytes);
  std::vector<std::byte> there(compared_bytes);
  std::uint64_t done = 0;
  for (std::uint64_t row = 0; row < rows.rows; ++row) {
    source->stop();
    source->start({.stop = stop});
    const std::uint64_t end = done + format.bytes_for(rows.columns);
    while (done < end) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(compared_bytes, end - done));
      draw(*source, std::span(wanted).first(size), {.stop = stop});
      const std::size_t got = capture(std::span(there).first(size));
      for (std::size_t i = 0; i < got; ++i) {
        if (there[i] != wanted[i])
          return at(done + i, std::to_integer<unsigned>(there[i]), std::to_integer<unsigned>(wanted[i]));
      }
      if (got < size) {
        return Difference{done + got, fmt::format("the file ends at byte {} of {}", done + got, sidecar.bytes)};
      }
      done += size;
      progress(format.samples_in(done));
    }
  }
  if (capture(std::span(there).first(1)) != 0) {
    return Difference{done, fmt::format("the file goes on at byte {}, after its last sample", done)};
  }
  return std::nullopt;
}

}  // namespace lightseed
