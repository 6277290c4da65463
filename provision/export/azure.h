// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "provision/export/format.h"

namespace lightseed {

/// The encrypted upload of Azure Private 5G Core (EncryptedSimUploadList, version 1): JSON with ICCID and IMSI in clear
/// and "version:iccid:imsi:ki:opc" of each SIM under AES-256-CBC with HMAC-SHA-512.
///
/// Transport keys: `azure`, the service's public RSA key in PEM, whose name is its number, and `vendor`, the sender's
/// own private RSA key, in a file or a token. The file's 64-byte key – AES key, then MAC key – is drawn for this file,
/// encrypted for the first (OAEP, SHA-256) and signed by the second (PKCS #1 v1.5, SHA-512).
std::unique_ptr<Exporter> make_azure_export(const ExportSetting& setting);

}  // namespace lightseed
