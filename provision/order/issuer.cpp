// SPDX-License-Identifier: Apache-2.0
#include "provision/order/issuer.h"

#include <array>

namespace lightseed {
namespace {

constexpr std::array<Issuer, 15> table{{
    {"898600", "China Mobile", 20, 20, false, true},
    {"898602", "China Mobile", 20, 20, false, true},
    {"898604", "China Mobile", 20, 20, false, true},
    {"898607", "China Mobile", 20, 20, false, true},
    {"898608", "China Mobile", 20, 20, false, true},
    {"898613", "China Mobile", 20, 20, false, true},
    {"898601", "China Unicom", 19, 20, false, true},
    {"898606", "China Unicom", 19, 20, false, true},
    {"898609", "China Unicom", 19, 20, false, true},
    {"898603", "China Telecom", 19, 20, false, true},
    {"898605", "China Telecom", 19, 20, false, true},
    {"898611", "China Telecom", 19, 20, false, true},
    {"898615", "China Broadnet", 19, 20, false, true},
    {"8986", "China, other issuer", 19, 20, false, true},
    {"89", "rules of ITU-T E.118", 18, 20, true, false},
}};

}  // namespace

std::span<const Issuer> issuers() noexcept {
  return table;
}

const Issuer* issuer_of(std::string_view iccid) noexcept {
  // Most numbers are of no issuer with rules of its own: they are told by four characters.
  const std::size_t first = iccid.starts_with("8986") ? 0 : table.size() - 1;
  for (std::size_t i = first; i < table.size(); ++i)
    if (iccid.starts_with(table[i].prefix)) return &table[i];
  return nullptr;
}

}  // namespace lightseed
