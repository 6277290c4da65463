// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "provision/order/order_lines.h"

namespace lightseed::test {

/// All that lines say, a text each.
inline std::vector<std::string> texts_of(const OrderLines& lines) {
  std::vector<std::string> texts;
  for (const OrderLine& line : lines.copy())
    texts.push_back(fmt::format("{} {},{},{},{}", line.line, line.iccid.view(), line.imsi.view(), line.msisdn.view(),
                                line.profile.view()));
  return texts;
}

}  // namespace lightseed::test
