// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "provision/order/fixed_text.h"

namespace lightseed {

/// An order has up to so many different profiles: with more, a column is taken for what it is not.
inline constexpr std::size_t most_profiles = 65536;

/// The names of an order's profiles, each once. Their addresses stay.
using ProfileNames = std::set<std::string, std::less<>>;

/// One of ProfileNames, or nothing. Valid as long as the Order it comes from, or a copy of that, lives.
class ProfileName {
 public:
  ProfileName() = default;
  explicit ProfileName(const std::string& name) noexcept : name_(&name) {}

  [[nodiscard]] std::string_view view() const noexcept { return name_ == nullptr ? std::string_view() : *name_; }
  [[nodiscard]] bool empty() const noexcept { return view().empty(); }
  friend bool operator==(const ProfileName& name, std::string_view other) noexcept { return name.view() == other; }

 private:
  const std::string* name_ = nullptr;
};

/// One SIM of an order, in 64 bytes.
struct OrderLine {
  FixedText<20> iccid;     ///< 18 to 20 digits, letters where the issuer has them, no filling F (read_iccid)
  FixedText<15> imsi;      ///< 14 or 15 digits (ITU-T E.212)
  FixedText<16> msisdn;    ///< up to 15 digits, a '+' in front allowed; may be empty
  char zero = '\0';        ///< no byte is left to chance: lines are written as they lie in memory
  std::uint32_t line = 0;  ///< of the file, from 1
  ProfileName profile;     ///< product profile, up to 64 of A-Z a-z 0-9 . _ -; may be empty
};

}  // namespace lightseed
