// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "driver/source_uri.h"

namespace lightseed::simulated {

/// One parameter of a photon model: a number within a range, or a word from a list.
struct Parameter {
  std::string name;
  std::string meaning;  ///< with its unit
  double usual = 0;
  double least = 0;
  double most = 0;
  bool whole = false;                  ///< whole numbers only
  std::vector<std::string> choices{};  ///< words instead of numbers; `usual` is the index of the usual one
};

/// The values of a model's parameters. Asking for one the model did not declare is Error(internal).
class Parameters {
 public:
  /// Takes them from the URI. Throws Error(usage) naming parameter, value and range.
  static Parameters take(SourceUri& uri, const std::vector<Parameter>& declared);
  /// The usual values.
  static Parameters usual(const std::vector<Parameter>& declared);

  [[nodiscard]] double operator[](std::string_view name) const;
  [[nodiscard]] unsigned whole(std::string_view name) const;
  [[nodiscard]] const std::string& word(std::string_view name) const;

  /// "&mu=0.2&bits=8"
  [[nodiscard]] std::string uri_text() const;
  [[nodiscard]] Json json() const;

  /// Error(usage): "mu=3 – why"
  [[noreturn]] void refuse(std::string_view name, std::string_view why) const;

 private:
  struct Value {
    const Parameter* parameter;
    double number;
  };
  std::vector<Value> values_;

  const Value& find(std::string_view name) const;
  static std::string text_of(const Value& value);
};

}  // namespace lightseed::simulated
