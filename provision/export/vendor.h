// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "provision/export/format.h"

namespace lightseed {

/// The pair of text files that card vendors and operators exchange: ELECT with values as a card stores them, for who
/// personalises, and SERVER with plain values, for HLR or HSS. A header of eight lines (batch, time, quantity, product,
/// purpose, the transport keys' indices), the columns' names, a line a SIM. Columns and separator are the profile's.
///
/// Transport keys: `auc`, whose name is its index from 1 to 999: EKI is KI under it, AES in one block; `ota` likewise
/// for KIC, KID and KIK of 16 bytes. Neither shows a changed value, and equal keys look equal. Without them the keys
/// are in clear. An operator's OP and transport keys have no column.
std::unique_ptr<Exporter> make_vendor_elect_export(const ExportSetting& setting);
std::unique_ptr<Exporter> make_vendor_server_export(const ExportSetting& setting);

/// Digits as a card stores them, two a byte with the first in the low half, filled up with f (ETSI TS 102 221,
/// EF_ICCID).
std::string swapped_digits(std::string_view digits);

/// An IMSI as EF_IMSI has it (3GPP TS 31.102, 4.2.2): its length in bytes, then digits in the same way behind a half
/// byte that says whether their number is odd (9) or even (1).
std::string card_imsi(std::string_view imsi);

}  // namespace lightseed
