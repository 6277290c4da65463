// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// One line of a table, cut into fields (RFC 4180, but for line ends in quotes, which no order needs and which would
/// let one stray quote swallow the file). Blanks around a field are left out. Reuses its memory from line to line.
class Record {
 public:
  /// Cuts `line` at `separator`; the fields point into it, or into this. Returns why it cannot be cut, empty when it
  /// was.
  std::string_view cut(std::string_view line, char separator);

  [[nodiscard]] const std::vector<std::string_view>& fields() const noexcept { return fields_; }
  /// Some field had blanks around it.
  [[nodiscard]] bool had_blanks() const noexcept { return had_blanks_; }
  /// All fields are empty.
  [[nodiscard]] bool is_empty() const noexcept;

 private:
  std::vector<std::string_view> fields_;
  std::string unquoted_;  ///< what fields with doubled quotes say
  bool had_blanks_ = false;

  std::string_view without_blanks(std::string_view text);
  std::string_view cut_quoted(std::string_view& rest);
};

}  // namespace lightseed
