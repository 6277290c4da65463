#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/patience.h"
#include "crypto/digest.h"
#include "driver/source.h"
#include "stats/health/gate.h"

namespace lightseed {

/// A source behind its health gate: the only way raw samples enter anything that makes keys.
///
/// Whatever ends the flow is thrown as an Error whose category is the reason: health (the alarm is latched and stays
/// readable in evidence()), device, not_enough_data, interrupted. After an error nothing more comes out.
class GatedSource {
 public:
  /// `claim` is the min-entropy the gate's cut-offs are computed from, bits per sample.
  GatedSource(Source& source, double claim, double alpha_log2 = -30);
  ~GatedSource();
  GatedSource(const GatedSource&) = delete;
  GatedSource& operator=(const GatedSource&) = delete;

  /// Starts the source and runs the start-up test; its samples are discarded.
  void start(const Patience& patience);

  /// Fills `out`, a multiple of window_bytes(), with admitted samples. Throws Error; then `out` is wiped.
  void read(std::span<std::byte> out, const Patience& patience);

  [[nodiscard]] std::size_t window_bytes() const noexcept { return gate_.window_bytes(); }
  [[nodiscard]] const SourceInfo& info() const noexcept { return source_.info(); }
  [[nodiscard]] const health::HealthGate& gate() const noexcept { return gate_; }
  /// The gate's evidence, and the failures the source was brought back from: after each, the block in hand was dropped
  /// and the start-up test run again.
  [[nodiscard]] Json health_evidence() const;
  [[nodiscard]] std::uint64_t bytes_admitted() const noexcept { return bytes_admitted_; }
  /// SHA-256 of all admitted bytes so far.
  [[nodiscard]] Sha256Digest digest() const { return hash_.digest(); }

  /// The source's own readings, e.g. temperature.
  [[nodiscard]] Json status() { return source_.status(); }

 private:
  Source& source_;
  health::HealthGate gate_;
  Sha256 hash_;
  std::uint64_t bytes_admitted_ = 0;

  std::vector<std::string> recoveries_;

  void start_up(const Patience& patience);
  /// False when the source was brought back from a failure meanwhile: `out` is then worthless.
  bool read_whole(std::span<std::byte> out, const Patience& patience);
  [[noreturn]] void throw_alarm() const;
};

}  // namespace lightseed
