// SPDX-License-Identifier: Apache-2.0
#include "provision/order/late_faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "provision/order/duplicates.h"
#include "provision/order/spreadsheet.h"

namespace lightseed {
namespace {

/// What is found, in any order: every bad line once, with the first thing that was found of it.
class Findings {
 public:
  Findings(std::size_t lines, std::size_t most) : is_bad_(lines), most_(most) {}

  /// `fault` is asked where this is among the first ones.
  void add(std::uint32_t index, const std::function<OrderFault()>& fault) {
    if (is_bad_[index]) return;
    is_bad_[index] = true;
    ++bad_lines_;
    if (faults_.size() == most_ && (most_ == 0 || index > faults_.rbegin()->first)) return;
    faults_.emplace(index, fault());
    if (faults_.size() > most_) faults_.erase(std::prev(faults_.end()));
  }

  [[nodiscard]] std::uint64_t bad_lines() const noexcept { return bad_lines_; }

  [[nodiscard]] std::vector<OrderFault> take_faults() {
    std::vector<OrderFault> faults;
    for (auto& [index, fault] : faults_)
      faults.push_back(std::move(fault));
    return faults;
  }

 private:
  std::vector<bool> is_bad_;
  std::size_t most_;
  std::uint64_t bad_lines_ = 0;
  std::map<std::uint32_t, OrderFault> faults_;  ///< by line
};

void add_duplicates(Findings& findings, const OrderLines& lines, std::size_t at_once, const char* column,
                    std::string_view name, std::string_view (*key)(const OrderLine&)) {
  find_duplicates(lines, key, at_once, [&](const Duplicate& twice) {
    findings.add(twice.index, [&] {
      return OrderFault{twice.line, column,
                        fmt::format("{} {} stands in line {} already", name, twice.key, twice.first)};
    });
  });
}

/// Returns how many looked rounded and may be genuine.
std::uint64_t add_rounded(Findings& findings, const OrderLines& lines) {
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
  std::uint32_t index = 0;
  for (const OrderLine& line : lines) {
    const std::string_view iccid = line.iccid.view();
    if (rounded[iccid.size()] && looks_rounded(iccid)) {
      findings.add(index, [&] {
        return OrderFault{line.line, "iccid", fmt::format("ICCID {} was rounded: {}", iccid, rounding)};
      });
    }
    ++index;
  }
  return genuine;
}

}  // namespace

// The cause before what follows from it: rounded numbers often stand twice as well.
LateFaults find_late_faults(const OrderLines& lines, std::size_t most, const OrderMemory& memory) {
  LateFaults late;
  Findings findings(lines.size(), most);
  late.zero_ended = add_rounded(findings, lines);
  add_duplicates(findings, lines, memory.numbers, "iccid", "ICCID",
                 [](const OrderLine& line) { return line.iccid.view(); });
  add_duplicates(findings, lines, memory.numbers, "imsi", "IMSI",
                 [](const OrderLine& line) { return line.imsi.view(); });
  late.bad_lines = findings.bad_lines();
  late.faults = findings.take_faults();
  return late;
}

}  // namespace lightseed
