// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/byte_views.h"
#include "core/error.h"
#include "stats/input/forms/kinds.h"

/// Whole numbers in lines of text: one a line, or a column of a table with commas, semicolons, tabs or blanks between
/// its fields. Lines that begin with # are remarks; a first line that is no numbers has the columns' names.
namespace lightseed::stats::sample_forms {
namespace {

constexpr std::string_view blanks = " \t\r\"";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

char separator_of(std::string_view line) {
  for (const char c : {';', ',', '\t'})
    if (line.find(c) != std::string_view::npos) return c;
  return ' ';
}

std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(separator), line.size());
    const std::string_view field = trimmed(line.substr(0, end));
    // Blanks come in rows, other separators have an empty field between them.
    if (separator != ' ' || !field.empty()) fields.push_back(field);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return fields;
}

/// A number as text; whole where it is one.
struct Number {
  bool is_number = false;
  std::optional<std::int64_t> whole{};
};

Number number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t whole = 0;
  const bool is_hex = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = is_hex ? text.substr(2) : text;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), whole, is_hex ? 16 : 10);
  if (error == std::errc{} && end == digits.data() + digits.size()) return {true, whole};
  // Tables of programs that know only floating-point numbers: 12.0, 1.2e+01.
  double value = 0;
  const auto [last, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || last != text.data() + text.size()) return {};
  constexpr double exact = 9007199254740992;  // 2^53
  if (value == std::trunc(value) && std::abs(value) <= exact) return {true, static_cast<std::int64_t>(value)};
  return {true, std::nullopt};
}

/// The first lines of a table: all that are whole.
std::vector<std::string_view> lines_of(std::string_view text, std::size_t most) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < most) {
    const std::size_t end = text.find('\n');
    // What follows the last end of a line may be half a line, unless there is nothing else.
    if (end == std::string_view::npos && !lines.empty()) break;
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty() && !line.starts_with('#')) lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool all_numbers(std::span<const std::string_view> fields) {
  return !fields.empty() &&
         std::all_of(fields.begin(), fields.end(), [](std::string_view field) { return number_of(field).is_number; });
}

/// How a table is laid out: what separates its fields, and which one is taken.
struct Layout {
  char separator = ' ';
  bool has_names = false;
  std::size_t column = 0;
};

Layout layout_of(std::string_view text, const std::string& column) {
  const std::vector<std::string_view> lines = lines_of(text, 2);
  if (lines.empty()) throw Error(Category::malformed, "a table without a line");
  Layout layout{.separator = separator_of(lines.back())};
  const std::vector<std::string_view> names = fields_of(lines.front(), layout.separator);
  layout.has_names = !all_numbers(names);
  if (column.empty()) {
    if (names.size() == 1) return layout;
    throw Error(Category::usage,
                fmt::format("a table of {} columns{}: name the column that has the samples, or its number from 1",
                            names.size(), layout.has_names ? fmt::format(" ({})", fmt::join(names, ", ")) : ""));
  }
  const auto named = std::find(names.begin(), names.end(), column);
  std::size_t number = 0;
  if (layout.has_names && named != names.end()) {
    layout.column = static_cast<std::size_t>(named - names.begin());
    return layout;
  }
  std::from_chars(column.data(), column.data() + column.size(), number);
  if (number == 0 || number > names.size()) {
    throw Error(Category::usage, fmt::format("the table has no column '{}'; its columns are {}", column,
                                             layout.has_names ? fmt::format("{}", fmt::join(names, ", "))
                                                              : fmt::format("1 to {}", names.size())));
  }
  layout.column = number - 1;
  return layout;
}

class Table final : public FormDecoder {
 public:
  Table(const InputOptions& options, Head head) : layout_(layout_of(text_of(head), options.column)) {
    std::vector<std::int64_t> first;
    decode(head, first);
    // With all of a short table there is no further piece to end its last line.
    if (first.empty()) end(first);
    width_ = width_for(options, {.bits = 32, .with_sign = std::any_of(first.begin(), first.end(), is_negative)}, first);
    line_ = 0;
    waiting_.clear();
    names_passed_ = false;
  }

  [[nodiscard]] SampleWidth width() const override { return width_; }

  void decode(std::span<const std::byte> in, std::vector<std::int64_t>& out) override {
    for (std::string_view text = text_of(in); !text.empty();) {
      const std::size_t end = text.find('\n');
      if (end == std::string_view::npos) {
        waiting_ += text;
        check_waiting();
        return;
      }
      if (waiting_.empty()) {
        take(text.substr(0, end), out);
      } else {
        waiting_ += text.substr(0, end);
        take(waiting_, out);
        waiting_.clear();
      }
      text.remove_prefix(end + 1);
    }
  }

  void end(std::vector<std::int64_t>& out) override {
    if (!waiting_.empty()) take(waiting_, out);
    waiting_.clear();
  }

 private:
  Layout layout_;
  SampleWidth width_{};
  std::uint64_t line_ = 0;
  std::string waiting_{};  ///< the beginning of a line whose end has not come
  bool names_passed_ = false;

  static bool is_negative(std::int64_t value) { return value < 0; }

  void check_waiting() const {
    constexpr std::size_t longest_line = std::size_t{1} << 20;
    if (waiting_.size() > longest_line) {
      throw Error(Category::malformed,
                  fmt::format("line {} of the table is longer than {} bytes", line_ + 1, longest_line));
    }
  }

  void take(std::string_view line, std::vector<std::int64_t>& out) {
    ++line_;
    line = trimmed(line);
    if (line.empty() || line.starts_with('#')) return;
    if (layout_.has_names && !names_passed_) {
      names_passed_ = true;
      return;
    }
    const std::string_view field = field_of(line);
    const Number number = number_of(field);
    if (number.whole) {
      out.push_back(*number.whole);
    } else if (number.is_number) {
      throw Error(Category::usage, fmt::format("line {}: {} is no whole number: samples of a converter are; voltages "
                                               "were computed from them",
                                               line_, field));
    } else {
      throw Error(Category::malformed, fmt::format("line {}: '{}' is no number", line_, field.substr(0, 40)));
    }
  }

  [[nodiscard]] std::string_view field_of(std::string_view line) const {
    if (layout_.column == 0 && line.find(layout_.separator) == std::string_view::npos) return line;
    const std::vector<std::string_view> fields = fields_of(line, layout_.separator);
    return layout_.column < fields.size() ? fields[layout_.column] : std::string_view();
  }
};

}  // namespace

bool is_csv(Head head) {
  constexpr std::size_t enough_lines = 16;
  if (!looks_like_text(head)) return false;
  const std::vector<std::string_view> lines = lines_of(text_of(head), enough_lines);
  if (lines.size() < enough_lines) return false;
  const char separator = separator_of(lines.back());
  const std::size_t fields = fields_of(lines.back(), separator).size();
  return std::all_of(lines.begin() + 1, lines.end(), [&](std::string_view line) {
    const std::vector<std::string_view> here = fields_of(line, separator);
    return here.size() == fields &&
           std::any_of(here.begin(), here.end(), [](std::string_view field) { return number_of(field).is_number; });
  });
}

DecoderOwner csv(const InputOptions& options, Head head) {
  return std::make_unique<Table>(options, head);
}

}  // namespace lightseed::stats::sample_forms
