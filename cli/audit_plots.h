// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "evidence/audit_record.h"

namespace lightseed::cli {

/// Plots of one suite as HTML figures, each with the table of its numbers where the report's other tables do not hold
/// them: p-values in tenths, sorted p-values, proportions with the standard's band. Where nothing will draw them
/// (`drawn`), the tables alone.
std::string p_value_plots(const AuditSuite& suite, bool drawn);

/// Of the suite "pooled": byte values, autocorrelation, spectrum.
std::string whole_file_plots(const AuditSuite& suite, bool drawn);

}  // namespace lightseed::cli
