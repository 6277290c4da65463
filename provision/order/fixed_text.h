// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/error.h"

namespace lightseed {

/// Up to N characters without a NUL, in N bytes and without an allocation: an order has up to tens of millions of them.
/// It reads as a std::string_view.
template <std::size_t N>
class FixedText {
 public:
  FixedText() = default;
  /// Throws Error(internal) for text that does not fit.
  FixedText(std::string_view text) { *this = text; }  // NOLINT(google-explicit-constructor)
  FixedText& operator=(std::string_view text) {
    if (text.size() > N || text.find('\0') != std::string_view::npos) {
      throw Error(Category::internal, "text that does not fit into its field");
    }
    text_.fill('\0');
    std::copy(text.begin(), text.end(), text_.begin());
    return *this;
  }

  [[nodiscard]] std::string_view view() const noexcept {
    return {text_.data(), static_cast<std::size_t>(std::find(text_.begin(), text_.end(), '\0') - text_.begin())};
  }
  [[nodiscard]] bool empty() const noexcept { return text_[0] == '\0'; }
  [[nodiscard]] std::size_t size() const noexcept { return view().size(); }
  operator std::string_view() const noexcept { return view(); }  // NOLINT(google-explicit-constructor)
  operator std::string() const { return std::string(view()); }   // NOLINT(google-explicit-constructor)

  friend bool operator==(const FixedText&, const FixedText&) = default;
  friend bool operator==(const FixedText& text, std::string_view other) noexcept { return text.view() == other; }

 private:
  std::array<char, N> text_{};
};

}  // namespace lightseed
