// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/json.h"

namespace lightseed {

/// Reads one JSON object of a record, member by member, and knows where it is: every fault names the path of the
/// member, "predicate.batch.sims". A record's from_json() takes each member once and ends with finish(), so that an
/// unknown member is a fault and not a thing overlooked.
///
/// Everything throws Error(malformed).
class ObjectReader {
 public:
  /// `json` must outlive the reader. `path` is empty for the whole text.
  ObjectReader(const Json& json, std::string path);

  [[nodiscard]] std::string text(std::string_view name);
  /// A text that must be this one.
  void literal(std::string_view name, std::string_view wanted);
  /// A whole number that is written as one: 3.0, -1 and 1e3 are none.
  [[nodiscard]] std::uint64_t count(std::string_view name, std::uint64_t least = 0,
                                    std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
  [[nodiscard]] std::int64_t whole(std::string_view name, std::int64_t least, std::int64_t most);
  /// Finite.
  [[nodiscard]] double number(std::string_view name, double least = std::numeric_limits<double>::lowest(),
                              double most = std::numeric_limits<double>::max());
  /// number(), or nothing for null.
  [[nodiscard]] std::optional<double> number_or_null(std::string_view name);
  /// A count where it is written as one, else a finite number.
  [[nodiscard]] std::variant<std::uint64_t, double> count_or_number(std::string_view name);
  [[nodiscard]] bool flag(std::string_view name);
  [[nodiscard]] std::vector<std::string> texts(std::string_view name);
  /// A list of whole numbers, each written as one.
  [[nodiscard]] std::vector<std::uint64_t> counts(std::string_view name, std::uint64_t least, std::uint64_t most);
  [[nodiscard]] ObjectReader object(std::string_view name);
  /// The objects of an array; `most` of them at most.
  [[nodiscard]] std::vector<ObjectReader> objects(std::string_view name, std::size_t most = 1'000'000);
  /// Any JSON object, taken as it is: what only its writer can explain, such as a device's parameters.
  [[nodiscard]] Json free_object(std::string_view name);

  /// The member is there; it still has to be taken.
  [[nodiscard]] bool has(std::string_view name) const;
  /// The member is there and null; then it is taken.
  [[nodiscard]] bool null(std::string_view name);

  /// The members that were not taken yet, in their order: for records whose members only another room can name.
  [[nodiscard]] std::vector<std::string> untaken() const;

  /// Throws when a member was not taken.
  void finish() const;

  /// Throws for a member that was taken but cannot be right.
  [[noreturn]] void fail(std::string_view name, std::string_view why) const;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  const Json* json_;
  std::string path_;
  std::set<std::string, std::less<>> taken_;

  const Json& take(std::string_view name);
  [[nodiscard]] std::string path_of(std::string_view name) const;
};

/// The enumerator whose name_of() is the text of member `name`.
template <typename Enum, std::size_t size>
Enum take_enum(ObjectReader& reader, std::string_view name, const Enum (&all)[size]) {
  const std::string word = reader.text(name);
  for (const Enum candidate : all) {
    if (word == name_of(candidate)) return candidate;
  }
  std::string known;
  for (const Enum candidate : all)
    known += (known.empty() ? "" : ", ") + std::string(name_of(candidate));
  reader.fail(name, "it is none of " + known);
}

}  // namespace lightseed
