// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// A parsed source name: `scheme:path?key=value&key=value`, e.g. `sim:homodyne?seed=42`.
///
/// Path and values may hold any printable character: those that mean something here are written as %XX (RFC 3986 2.1):
/// '%3F' for '?', '%26' for '&', '%2C' for the ',' between a pool's members, '%25' for '%'. path() and the take_…()
/// functions give the characters themselves, text() the name as it was written.
///
/// Whoever opens the source takes the parameters it knows and ends with reject_unknown(), so that a
/// misspelt parameter is an error and never silently ignored.
class SourceUri {
 public:
  /// Throws Error(usage) when the text has no scheme, an empty path, a parameter twice, a '%' without two hexadecimal
  /// digits or one that stands for a control character.
  static SourceUri parse(std::string_view text);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] const std::string& scheme() const noexcept { return scheme_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] bool has(std::string_view key) const;

  /// The same scheme and parameters with another path, which is encoded.
  [[nodiscard]] std::string with_path(std::string_view path) const;

  /// `text` as it is written in a source's name.
  static std::string encoded(std::string_view text);

  /// The parameter's value, or the fallback. Throws Error(usage) naming the parameter and its range.
  [[nodiscard]] std::string take_text(std::string_view key, std::string_view fallback);
  [[nodiscard]] double take_number(std::string_view key, double fallback, double least, double most);
  [[nodiscard]] std::uint64_t take_count(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                                         std::uint64_t most);

  /// Throws Error(usage) when a parameter nobody took is left; the message lists the known ones.
  void reject_unknown() const;

 private:
  std::string text_, scheme_, path_, query_;  ///< query_ as it was written, with its '?'
  std::map<std::string, std::string, std::less<>> parameters_;
  std::vector<std::string> known_;

  std::string* find(std::string_view key);
};

}  // namespace lightseed
