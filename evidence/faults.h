// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace lightseed {

/// What a check found wrong, one sentence each.
class Faults {
 public:
  /// Notes the sentence when `good` is false; returns `good`.
  template <typename... Parts>
  bool unless(bool good, fmt::format_string<Parts...> text, Parts&&... parts) {
    if (!good) all_.push_back(fmt::format(text, std::forward<Parts>(parts)...));
    return good;
  }
  void add(std::string fault) { all_.push_back(std::move(fault)); }
  void add(std::vector<std::string> faults) {
    for (std::string& fault : faults)
      all_.push_back(std::move(fault));
  }

  [[nodiscard]] bool none() const noexcept { return all_.empty(); }
  [[nodiscard]] std::vector<std::string> take() { return std::move(all_); }

 private:
  std::vector<std::string> all_;
};

}  // namespace lightseed
