// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/numbers.h"
#include "cli/option.h"

namespace lightseed::cli {

/// The options of one call. Values are text until a verb asks for them as something; every reader names the option in
/// its error.
class Options {
 public:
  /// Reads `arguments` by the table `known`; arguments without an option's name fill `positional` in order, the last of
  /// them taking what is left. Names are not abbreviated: an abbreviation may mean another option in the next release.
  /// Throws Error(usage) for an unknown option (with the nearest known one), a missing value, one given twice, or a
  /// positional argument too many. Required options are checked by require(), so that --help works without them.
  Options(const std::vector<Option>& known, const std::vector<std::string>& positional,
          const std::vector<std::string>& arguments);

  /// A value for an option of the table that was not given: it counts more than the fallback, and given() stays false.
  void supply(const std::string& name, std::string value);

  /// Throws Error(usage) that names every required option that is missing.
  void require() const;

  /// It was given, or has a fallback.
  [[nodiscard]] bool has(const std::string& name) const;
  /// It was given.
  [[nodiscard]] bool given(const std::string& name) const;

  /// The value; an option must be there. Throws Error(internal) otherwise.
  [[nodiscard]] const std::string& text(const std::string& name) const;
  /// The value, or `missing`.
  [[nodiscard]] std::string text_or(const std::string& name, const std::string& missing) const;
  /// Every value of an option that may be given several times.
  [[nodiscard]] std::vector<std::string> texts(const std::string& name) const;
  /// As a count ("16M"), within the range. Throws Error(usage).
  [[nodiscard]] std::uint64_t count(const std::string& name, CountRange range = {}) const;
  /// As a finite number within the range. Throws Error(usage).
  [[nodiscard]] double number(const std::string& name, NumberRange range) const;
  /// As the base-2 logarithm of a probability ("2^-64", "1e-20"), within the range. Throws Error(usage).
  [[nodiscard]] double log2_probability(const std::string& name, NumberRange log2_range) const;

 private:
  const std::vector<Option>* known_;
  std::map<std::string, std::vector<std::string>> given_;
  std::map<std::string, std::string> supplied_{};

  [[nodiscard]] const Option* find(const std::string& name) const;
  [[nodiscard]] const Option* find_letter(char letter) const;
  void add(const Option& option, std::string value);
};

/// The options that every verb takes.
const std::vector<Option>& common_options();

}  // namespace lightseed::cli
