// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "provision/order/fixed_text.h"

namespace lightseed {

/// 14 or 15 digits (ITU-T E.212), not all zero. Returns why `text` is none; empty when `imsi` was set.
std::string read_imsi(std::string_view text, FixedText<15>& imsi);

/// Up to 15 digits (ITU-T E.164), a '+' in front allowed; may be empty. Returns why `text` is none; empty when `msisdn`
/// was set.
std::string read_msisdn(std::string_view text, FixedText<16>& msisdn);

/// Why `text` is no name of a product profile: up to 64 of A-Z a-z 0-9 . _ -; may be empty. Empty when it is one.
std::string fault_of_profile(std::string_view text);

/// Made of A-Z a-z 0-9 . _ - alone.
bool is_name(std::string_view text) noexcept;

}  // namespace lightseed
