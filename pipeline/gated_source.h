// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/json.h"
#include "core/patience.h"
#include "crypto/digest.h"
#include "evidence/health_record.h"
#include "pipeline/gated_reader.h"

namespace lightseed {

/// A source behind its health gate: the only way raw samples enter anything that makes keys.
///
/// Whatever ends the flow (GatedReader says what does and what does not) is thrown as an Error whose category is the
/// reason: health (the alarm stays readable in health()), device, not_enough_data, interrupted. After an error nothing
/// more comes out.
class GatedSource {
 public:
  /// `claim` is the min-entropy the gate's cut-offs are computed from, bits per sample.
  GatedSource(Source& source, double claim, GateOptions options = {});
  ~GatedSource();
  GatedSource(const GatedSource&) = delete;
  GatedSource& operator=(const GatedSource&) = delete;

  /// Starts the source and runs the start-up test; its samples are discarded.
  void start(const Patience& patience);

  /// Fills `out`, a multiple of window_bytes(), with admitted samples. Throws Error; then `out` is wiped.
  void read(std::span<std::byte> out, const Patience& patience);

  [[nodiscard]] std::size_t window_bytes() const noexcept { return reader_.gate().window_bytes(); }
  [[nodiscard]] const SourceInfo& info() const noexcept { return reader_.info(); }
  [[nodiscard]] HealthRecord health() const { return reader_.gate().evidence(); }
  [[nodiscard]] std::uint64_t bytes_admitted() const noexcept { return bytes_admitted_; }
  /// SHA-256 of all admitted bytes so far.
  [[nodiscard]] Sha256Digest digest() const { return hash_.digest(); }

  /// The source's own readings, e.g. temperature.
  [[nodiscard]] Json status() { return reader_.source().status(); }

 private:
  GatedReader reader_;
  Sha256 hash_;
  std::uint64_t bytes_admitted_ = 0;
};

}  // namespace lightseed
