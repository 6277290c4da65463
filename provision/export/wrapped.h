// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "provision/export/format.h"

namespace lightseed {

/// Credentials as a token takes them in (PKCS#11 C_UnwrapKey): each wrapped by itself under the transport key `kek`,
/// with AES key wrap (RFC 3394, CKM_AES_KEY_WRAP) for keys, and with padding (RFC 5649, CKM_AES_KEY_WRAP_PAD) for
/// digits. A line each: iccid,imsi,credential,wrap,blob in lower-case hexadecimal. Both wraps show a changed blob.
std::unique_ptr<Exporter> make_wrapped_export(const ExportSetting& setting);

}  // namespace lightseed
