// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "provision/export/format.h"

namespace lightseed {

/// pySim's card-key CSV with encrypted columns: ICCID, IMSI, KI, OPC, UICC_SCP03_KIC1, … in lower-case hexadecimal,
/// each secret column under a transport key of its own: of its credential (`ki`, `kic1`, …) or of its group, `auc` for
/// ki and opc, `ota` for kic, kid and kik. AES-CBC with pySim's fixed IV, sixteen bytes 23, and no padding; so PINs,
/// PUKs and ADM codes, which are no whole blocks, have no place in it. Nothing shows a changed value.
std::unique_ptr<Exporter> make_pysim_export(const ExportSetting& setting);

}  // namespace lightseed
