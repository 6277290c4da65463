// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "core/json.h"
#include "core/patience.h"
#include "pipeline/gated_flow.h"

namespace lightseed {

/// A source behind its health gate, or a pool behind its members': the only way raw samples enter anything that makes
/// keys.
///
/// Whatever ends the flow (GatedReader and GatedPool say what does and what does not) is thrown as an Error whose
/// category is the reason: health (the alarm stays readable in record()), device, not_enough_data, interrupted. After
/// an error nothing more comes out.
class GatedSource {
 public:
  /// The gates' cut-offs follow from the sources' own claims.
  explicit GatedSource(Source& source, const GateOptions& options = {});
  ~GatedSource();
  GatedSource(const GatedSource&) = delete;
  GatedSource& operator=(const GatedSource&) = delete;

  /// Starts the source and runs the start-up test; its samples are discarded.
  void start(const Patience& patience);

  /// Fills `out`, a multiple of window_bytes(), with admitted samples. Throws Error; then `out` is wiped.
  void read(std::span<std::byte> out, const Patience& patience);

  /// Once, when nothing more will be read and before what was made of it is handed out. Throws Error.
  void finish(const Patience& patience);

  [[nodiscard]] std::size_t window_bytes() const noexcept { return flow_->window_bytes(); }
  [[nodiscard]] const SourceInfo& info() const noexcept { return source_.info(); }
  [[nodiscard]] GateRecord record() const { return flow_->record(); }
  [[nodiscard]] std::uint64_t bytes_admitted() const noexcept { return bytes_admitted_; }
  /// The source's own readings, e.g. temperature.
  [[nodiscard]] Json status() { return source_.status(); }

 private:
  Source& source_;
  std::unique_ptr<GatedFlow> flow_;
  std::uint64_t bytes_admitted_ = 0;
};

}  // namespace lightseed
