// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "provision/order.h"
#include "provision/order/record.h"
#include "provision/order/text_lines.h"

namespace lightseed {

/// Goes through an order once, line by line: titles, the header, then SIMs. A bad line is kept as a fault and the
/// reading goes on, so that a customer hears of all of them at once; a bad header ends it, because every line after it
/// would be misread.
class OrderReader {
 public:
  OrderReader(const std::filesystem::path& path, std::string id, std::size_t most_faults, const OrderMemory& memory);

  /// To be called once.
  OrderReading read();

 private:
  OrderReading reading_{};
  std::size_t most_faults_;
  TextLines lines_;
  Record record_;
  OrderMemory memory_;
  OrderLineCollector sims_;
  std::vector<std::uint64_t> sims_of_issuers_;  ///< a row of issuers() each
  ProfileNames* profiles_;
  std::vector<std::string> titles_;  ///< lines before the header
  std::uint64_t first_title_ = 0;
  bool titles_hold_numbers_ = false;
  bool hopeless_ = false;          ///< no header, or a bad one: the rest is read for its digest alone
  std::uint64_t empty_lines_ = 0;  ///< since the last SIM
  std::uint64_t lines_with_blanks_ = 0;
  std::uint64_t filled_ = 0;

  void take(const TextLines::Line& line);
  void take_title(const TextLines::Line& line);
  void take_header(Header header);
  void take_sim(std::uint64_t number);
  [[nodiscard]] std::string_view field(ColumnMeaning meaning) const;
  std::string read_profile(std::string_view text, ProfileName& profile);
  void add_fault(std::uint64_t line, std::string_view column, std::string reason);
  void finish();
  void merge_late_faults();
  void list_issuers();
};

}  // namespace lightseed
