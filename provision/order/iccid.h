// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "provision/order/fixed_text.h"

namespace lightseed {

/// Reads an ICCID as customers write it into the one form that the ledger, key files and Merkle leaves have: 18 to 20
/// characters, digits and (where its issuer has them) capital letters, without filling.
///
/// A card stores 20 half bytes and fills a shorter number with F (ETSI TS 102 221, EF_ICCID); many lists copy that. So
/// an F at the end is never part of a number: it is taken off where it fills up to 20 characters and refused elsewhere.
/// Two numbers that differ thus differ in any form, and 8988211000000000011 and 8988211000000000011F are one.
///
/// Returns why `text` is none, as a sentence; empty when `iccid` was set.
std::string read_iccid(std::string_view text, FixedText<20>& iccid);

/// The last digit is the Luhn digit of the others (ISO/IEC 7812-1). `digits` holds only digits.
bool luhn_is_valid(std::string_view digits) noexcept;

}  // namespace lightseed
