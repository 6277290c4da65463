// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace lightseed {

/// The lines of a short list that is in memory, without their ends (LF or CR LF), numbered from 1. Orders, which come
/// in any encoding and size, are read by provision/order/text_lines.h.
void for_each_line(std::string_view text, const std::function<void(std::size_t number, std::string_view line)>& visit);

}  // namespace lightseed
