// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "provision/export/format.h"

namespace lightseed {

/// Portable Symmetric Key Container in XML (RFC 6030): a KeyPackage for each credential, encrypted with AES-CBC under
/// the pre-shared transport key `kek`, with HMAC-SHA1 under a key of the file's own (6.1 and 6.2: the MAC that every
/// reader must know). SerialNo is the ICCID; an Id is ICCID and credential with a dot between them.
///
/// Near 600 bytes a credential: for interchange in moderate numbers.
std::unique_ptr<Exporter> make_pskc_export(const ExportSetting& setting);

}  // namespace lightseed
