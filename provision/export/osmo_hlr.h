// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "provision/export/format.h"

namespace lightseed {

/// SQL for the database of osmo-hlr (its schema 6): a subscriber and a row of auc_3g with K and OPc for each SIM,
/// algorithm Milenage, in one transaction. A SIM that the database knows already ends it.
///
/// The keys are in clear, as OsmoHLR stores them. It takes no transport key.
std::unique_ptr<Exporter> make_osmo_hlr_export(const ExportSetting& setting);

}  // namespace lightseed
