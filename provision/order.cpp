// SPDX-License-Identifier: Apache-2.0
#include "provision/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "core/atomic_file.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_order = std::size_t{1} << 30;
constexpr std::size_t complaints_shown = 20;

bool only_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool only_name_characters(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-';
  });
}

/// What somebody else wrote, fit to be shown to a person: short, and without bytes that a terminal obeys.
std::string shown(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::string safe;
  for (const char c : text.substr(0, longest))
    safe += c >= ' ' && c <= '~' ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text.size() > longest ? safe + "…" : safe;
}

/// Collects every complaint, keeps the first few.
class Complaints {
 public:
  explicit Complaints(std::string file) : file_(std::move(file)) {}

  void add(std::size_t line, const std::string& why) {
    if (line == last_) return;  // of one line, the first fault
    last_ = line;
    if (++count_ <= complaints_shown) text_ += fmt::format("\n  {}:{}: {}", file_, line, why);
  }

  void throw_if_any() const {
    if (count_ == 0) return;
    const std::string more =
        count_ > complaints_shown ? fmt::format("\n  … and {} more", count_ - complaints_shown) : "";
    throw Error(Category::usage, fmt::format("the order has {} bad line{}; nothing was generated:{}{}", count_,
                                             count_ == 1 ? "" : "s", text_, more));
  }

 private:
  std::string file_;
  std::string text_;
  std::size_t count_ = 0;
  std::size_t last_ = 0;  ///< line of the last complaint
};

/// Cuts a CSV record; a field may stand in double quotes (without quotes inside).
std::vector<std::string_view> fields_of(std::string_view record) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto comma = record.find(',');
    std::string_view field = record.substr(0, comma);
    if (field.size() >= 2 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
    fields.push_back(field);
    if (comma == std::string_view::npos) return fields;
    record.remove_prefix(comma + 1);
  }
}

/// Where each known column stands in a record.
struct Columns {
  std::optional<std::size_t> iccid, imsi, msisdn, profile;
  std::size_t count = 0;
};

Columns read_header(std::string_view header, Complaints& complaints) {
  Columns columns;
  const auto names = fields_of(header);
  columns.count = names.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::optional<std::size_t>* const column = names[i] == "iccid"     ? &columns.iccid
                                               : names[i] == "imsi"    ? &columns.imsi
                                               : names[i] == "msisdn"  ? &columns.msisdn
                                               : names[i] == "profile" ? &columns.profile
                                                                       : nullptr;
    if (column == nullptr) {
      complaints.add(1, fmt::format("unknown column '{}' (known: iccid, imsi, msisdn, profile)", shown(names[i])));
    } else if (*column) {
      complaints.add(1, fmt::format("column '{}' stands twice", names[i]));
    } else {
      *column = i;
    }
  }
  for (const auto& [name, column] : {std::pair("iccid", columns.iccid), std::pair("imsi", columns.imsi)}) {
    if (!column) complaints.add(1, fmt::format("the header has no column '{}'", name));
  }
  return columns;
}

/// Why the line is no SIM; empty when it is one.
std::string fault_of(const OrderLine& line) {
  if (!only_digits(line.iccid) || line.iccid.size() < 19 || line.iccid.size() > 20) {
    return fmt::format("ICCID '{}' is not 19 or 20 digits", shown(line.iccid));
  }
  if (!luhn_is_valid(line.iccid)) return fmt::format("ICCID {} has a wrong check digit (Luhn)", line.iccid);
  if (!only_digits(line.imsi) || line.imsi.size() < 14 || line.imsi.size() > 15) {
    return fmt::format("IMSI '{}' is not 14 or 15 digits", shown(line.imsi));
  }
  for (const std::string& digits : {line.iccid, line.imsi})
    if (digits.find_first_not_of('0') == std::string::npos) return fmt::format("{} is no number of a SIM", digits);
  std::string_view number = line.msisdn;
  if (number.starts_with('+')) number.remove_prefix(1);
  if (!line.msisdn.empty() && (!only_digits(number) || number.size() > 15)) {
    return fmt::format("MSISDN '{}' is not up to 15 digits", shown(line.msisdn));
  }
  if (line.profile.size() > 64 || !only_name_characters(line.profile)) {
    return fmt::format("profile '{}' is not up to 64 of A-Z a-z 0-9 . _ -", shown(line.profile));
  }
  return {};
}

}  // namespace

bool luhn_is_valid(std::string_view digits) noexcept {
  unsigned sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it, twice = !twice) {
    unsigned digit = static_cast<unsigned>(*it - '0');
    if (twice) digit = digit < 5 ? 2 * digit : 2 * digit - 9;
    sum += digit;
  }
  return sum % 10 == 0;
}

Order read_order(const std::filesystem::path& path, std::string id) {
  const std::string text = read_text_file(path, largest_order);
  Order order;
  order.id = id.empty() ? path.stem().string() : std::move(id);
  if (order.id.empty() || order.id.size() > 128 || !only_name_characters(order.id)) {
    throw Error(Category::usage, fmt::format("order id '{}' is not up to 128 of A-Z a-z 0-9 . _ -; give it one that is",
                                             shown(order.id)));
  }
  order.sha256 = hex(sha256(std::as_bytes(std::span(text.data(), text.size()))));

  Complaints complaints(path.string());
  std::string_view rest = text;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);  // spreadsheets write a byte order mark
  std::optional<Columns> columns;
  // Values are kept in `order.lines`; a vector that grows moves its strings, so the index holds line numbers by value.
  std::unordered_map<std::string, std::size_t> iccids;
  std::unordered_map<std::string, std::size_t> imsis;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string_view record = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (record.ends_with('\r')) record.remove_suffix(1);
    if (!columns) {
      columns = read_header(record, complaints);
      complaints.throw_if_any();
      continue;
    }
    if (record.empty() && rest.empty()) break;
    const auto fields = fields_of(record);
    if (fields.size() != columns->count) {
      complaints.add(number, fmt::format("{} fields where the header has {}", fields.size(), columns->count));
      continue;
    }
    const auto field = [&](const std::optional<std::size_t>& column) {
      return column ? std::string(fields[*column]) : std::string();
    };
    OrderLine line{field(columns->iccid), field(columns->imsi), field(columns->msisdn), field(columns->profile)};
    if (const std::string fault = fault_of(line); !fault.empty()) {
      complaints.add(number, fault);
      continue;
    }
    if (const auto [it, fresh] = iccids.emplace(line.iccid, number); !fresh) {
      complaints.add(number, fmt::format("ICCID {} stands in line {} already", line.iccid, it->second));
      continue;
    }
    if (const auto [it, fresh] = imsis.emplace(line.imsi, number); !fresh) {
      complaints.add(number, fmt::format("IMSI {} stands in line {} already", line.imsi, it->second));
      continue;
    }
    order.lines.push_back(std::move(line));
  }
  complaints.throw_if_any();
  if (order.lines.empty()) {
    throw Error(Category::usage,
                fmt::format("{} names no SIM; an order has a header iccid,imsi and a line a SIM", path.string()));
  }
  return order;
}

}  // namespace lightseed
