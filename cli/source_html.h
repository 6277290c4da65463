// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "evidence/run_record.h"
#include "pipeline/gate_history.h"
#include "pipeline/raw_portrait.h"

namespace lightseed::cli {

/// Where the bits of an audited source came from.
struct AuditedSource {
  RunRecord run;
  RawPortrait raw;
  GateHistory history;
};

/// A section of the page: the source, its claim and its measurement; raw samples against the model, the estimates of
/// SP 800-90B, what the gate's tests read, as plots where they will be drawn, and as tables.
std::string source_html(const AuditedSource& source, bool drawn);

}  // namespace lightseed::cli
