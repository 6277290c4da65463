// SPDX-License-Identifier: Apache-2.0
#include "provision/use_report.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "provision/list_lines.h"
#include "provision/order/iccid.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

constexpr std::string_view header = "iccid,charge,first,last";
constexpr std::size_t most_faults = 20;

/// The fields of a line; those that are missing are empty, and what is too many is in the last.
std::array<std::string_view, 4> fields_of(std::string_view line) {
  std::array<std::string_view, 4> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto comma = i + 1 < fields.size() ? line.find(',') : std::string_view::npos;
    fields[i] = line.substr(0, comma);
    line = comma == std::string_view::npos ? std::string_view() : line.substr(comma + 1);
  }
  return fields;
}

/// Digits alone, up to 2^53: what a spreadsheet and a database both hold.
bool read_count(std::string_view text, std::uint64_t least, std::uint64_t& out) {
  constexpr std::uint64_t most = std::uint64_t{1} << 53;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out >= least && out <= most;
}

/// Why a line is none; empty: it is one.
std::string fault_of_line(std::string_view line, UsedKeys& keys) {
  const auto [iccid_text, charge, first, last] = fields_of(line);
  FixedText<20> iccid;
  if (std::string fault = read_iccid(iccid_text, iccid); !fault.empty()) return fault;
  keys.iccid = std::string(iccid);
  if (!read_count(charge, 1, keys.charge)) return fmt::format("the charge '{}' is no number from 1 on", shown(charge));
  if (!read_count(first, 0, keys.first) || !read_count(last, 0, keys.last)) {
    return fmt::format("the keys '{}' to '{}' are no numbers from 0 on", shown(first), shown(last));
  }
  if (keys.last < keys.first) return fmt::format("key {} comes before key {}", keys.last, keys.first);
  return {};
}

}  // namespace

UseReport read_use_report(const std::filesystem::path& path) {
  const std::string text = read_text_file(path, largest_use_report);
  UseReport report{.sha256 = hex(sha256(bytes_of(text))), .ranges = {}};
  std::string faults;
  std::size_t bad = 0;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    if (number == 1 && line == header) return;
    if (number == 1) {
      throw Error(Category::usage, fmt::format("{}:1: a report of used keys begins with the line {}, not '{}'",
                                               path.string(), header, shown(line)));
    }
    if (line.empty()) return;
    UsedKeys keys;
    if (const std::string fault = fault_of_line(line, keys); fault.empty()) {
      report.ranges.push_back(std::move(keys));
    } else if (++bad <= most_faults) {
      faults += fmt::format("{}{}:{}: {}", bad == 1 ? "" : "\n", path.string(), number, fault);
    }
  });
  if (bad > most_faults) faults += fmt::format("\n… and {} more bad lines", bad - most_faults);
  if (bad > 0) throw Error(Category::usage, faults);
  if (report.ranges.empty()) throw Error(Category::usage, fmt::format("{} reports no used key", path.string()));
  return report;
}

}  // namespace lightseed
