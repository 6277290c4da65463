// SPDX-License-Identifier: Apache-2.0
#include "provision/order/late_faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "provision/order/duplicates.h"
#include "provision/order/spreadsheet.h"

namespace lightseed {
namespace {

/// The cause before what follows from it: rounded numbers often stand twice as well.
enum class Kind : std::uint8_t { rounded, iccid_twice, imsi_twice };

struct LateFault {
  std::uint32_t index;
  std::uint32_t first;
  Kind kind;
};

std::string reason_of(const LateFault& fault, std::span<const OrderLine> lines) {
  const OrderLine& line = lines[fault.index];
  if (fault.kind == Kind::rounded) return fmt::format("ICCID {} was rounded: {}", line.iccid.view(), rounding);
  const bool iccid = fault.kind == Kind::iccid_twice;
  return fmt::format("{} {} stands in line {} already", iccid ? "ICCID" : "IMSI",
                     iccid ? line.iccid.view() : line.imsi.view(), lines[fault.first].line);
}

void add_duplicates(std::vector<LateFault>& found, std::span<const OrderLine> lines, Kind kind,
                    std::string_view (*key)(const OrderLine&)) {
  for (const Duplicate& duplicate : find_duplicates(lines, key))
    found.push_back({duplicate.index, duplicate.first, kind});
}

/// Returns how many looked rounded and may be genuine.
std::uint64_t add_rounded(std::vector<LateFault>& found, std::span<const OrderLine> lines) {
  std::array<std::uint64_t, 21> all{};
  std::array<std::uint64_t, 21> zero_ended{};
  for (const OrderLine& line : lines) {
    const std::string_view iccid = line.iccid.view();
    ++all[iccid.size()];
    if (looks_rounded(iccid)) ++zero_ended[iccid.size()];
  }
  std::array<bool, 21> rounded{};
  std::uint64_t genuine = 0;
  std::uint64_t one_in = 1000;
  for (std::size_t size = 18; size < all.size(); ++size, one_in *= 10) {
    rounded[size] = zero_ended[size] > 1 + 2 * (all[size] / one_in);
    if (!rounded[size]) genuine += zero_ended[size];
  }
  if (std::none_of(rounded.begin(), rounded.end(), [](bool any) { return any; })) return genuine;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    const std::string_view iccid = lines[i].iccid.view();
    if (rounded[iccid.size()] && looks_rounded(iccid)) found.push_back({i, i, Kind::rounded});
  }
  return genuine;
}

}  // namespace

LateFaults find_late_faults(std::span<const OrderLine> lines, std::size_t most) {
  LateFaults late;
  std::vector<LateFault> found;
  late.zero_ended = add_rounded(found, lines);
  add_duplicates(found, lines, Kind::iccid_twice, [](const OrderLine& line) { return line.iccid.view(); });
  add_duplicates(found, lines, Kind::imsi_twice, [](const OrderLine& line) { return line.imsi.view(); });
  std::sort(found.begin(), found.end(), [](const LateFault& a, const LateFault& b) {
    return a.index != b.index ? a.index < b.index : a.kind < b.kind;
  });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const LateFault& a, const LateFault& b) { return a.index == b.index; }),
              found.end());
  late.bad_lines = found.size();
  for (const LateFault& fault : std::span(found).first(std::min(most, found.size()))) {
    late.faults.push_back(
        {lines[fault.index].line, fault.kind == Kind::imsi_twice ? "imsi" : "iccid", reason_of(fault, lines)});
  }
  return late;
}

}  // namespace lightseed
