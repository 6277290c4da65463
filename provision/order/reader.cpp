// SPDX-License-Identifier: Apache-2.0
#include "provision/order/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/error.h"
#include "provision/order/digits.h"
#include "provision/order/file_bytes.h"
#include "provision/order/late_faults.h"
#include "provision/order/notices.h"
#include "provision/order/subscriber.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

constexpr std::size_t most_titles = 64;

std::string usable_id(const std::filesystem::path& path, std::string id) {
  const bool from_name = id.empty();
  if (from_name) id = path.stem().string();
  if (id.empty() || id.size() > longest_order_id || !is_name(id)) {
    throw Error(Category::usage,
                fmt::format("order id '{}'{} is not up to {} of A-Z a-z 0-9 . _ -; give the order an id that is",
                            shown(id), from_name ? ", taken from the file's name," : "", longest_order_id));
  }
  return id;
}

/// Some field has the form of an ICCID: this is no title.
bool holds_a_number(std::string_view line) {
  std::size_t digits = 0;
  for (const char c : line) {
    digits = is_digit(c) ? digits + 1 : 0;
    if (digits >= 14) return true;
  }
  return false;
}

}  // namespace

OrderReader::OrderReader(const std::filesystem::path& path, std::string id, std::size_t most_faults,
                         const OrderMemory& memory)
    : most_faults_(most_faults), lines_(path), memory_(memory), sims_(memory), sims_of_issuers_(issuers().size()) {
  reading_.order.id = usable_id(path, std::move(id));
  auto profiles = std::make_shared<ProfileNames>();
  profiles_ = profiles.get();
  reading_.order.profiles = std::move(profiles);
}

OrderReading OrderReader::read() {
  while (const auto line = lines_.next())
    take(*line);
  finish();
  return std::move(reading_);
}

void OrderReader::add_fault(std::uint64_t line, std::string_view column, std::string reason) {
  ++reading_.bad_lines;
  if (reading_.faults.size() < most_faults_) reading_.faults.push_back({line, std::string(column), std::move(reason)});
}

void OrderReader::take(const TextLines::Line& line) {
  if (hopeless_) return;
  if (!line.fault.empty()) {
    add_fault(line.number, "", std::string(line.fault));
  } else if (!reading_.header) {
    take_title(line);
  } else if (const auto fault = record_.cut(line.text, reading_.header->separator); !fault.empty()) {
    add_fault(line.number, "", std::string(fault));
  } else if (record_.is_empty()) {
    ++empty_lines_;
  } else {
    // Empty lines end a file; between SIMs something was lost.
    for (; empty_lines_ > 0; --empty_lines_)
      add_fault(line.number - empty_lines_, "", "the line is empty");
    take_sim(line.number);
  }
}

void OrderReader::take_title(const TextLines::Line& line) {
  if (auto header = recognise_header(line.number, line.text)) {
    take_header(std::move(*header));
    return;
  }
  if (line.text.find_first_not_of(" \t") == std::string_view::npos) return;
  if (titles_.empty()) first_title_ = line.number;
  titles_.push_back(shown(line.text));
  titles_hold_numbers_ = titles_hold_numbers_ || holds_a_number(line.text);
  hopeless_ = titles_.size() == most_titles;
}

void OrderReader::take_header(Header header) {
  if (auto fault = fault_of(header)) {
    add_fault(fault->line, fault->column, std::move(fault->reason));
    hopeless_ = true;
  }
  reading_.header = std::move(header);
}

std::string_view OrderReader::field(ColumnMeaning meaning) const {
  const auto place = reading_.header->place(meaning);
  return place ? record_.fields()[*place] : std::string_view();
}

/// Returns why `text` names no profile; empty when `profile` was set.
std::string OrderReader::read_profile(std::string_view text, ProfileName& profile) {
  if (text.empty()) return {};
  auto found = profiles_->find(text);
  if (found == profiles_->end()) {
    if (auto fault = fault_of_profile(text); !fault.empty()) return fault;
    if (profiles_->size() == most_profiles) {
      return fmt::format(
          "profile '{}' is one too many: an order has up to {} different ones; is the column something "
          "else?",
          shown(text), most_profiles);
    }
    found = profiles_->emplace(text).first;
  }
  profile = ProfileName(*found);
  return {};
}

void OrderReader::take_sim(std::uint64_t number) {
  const std::size_t columns = reading_.header->columns.size();
  if (record_.fields().size() != columns) {
    add_fault(number, "", fmt::format("{} fields where the header has {}", record_.fields().size(), columns));
    return;
  }
  OrderLine sim;
  static_assert(FileBytes::most < std::numeric_limits<decltype(sim.line)>::max(), "a line has a byte at least");
  sim.line = static_cast<std::uint32_t>(number);
  const std::string_view iccid = field(ColumnMeaning::iccid);
  const auto refuse = [&](ColumnMeaning meaning, std::string fault) {
    if (fault.empty()) return false;
    add_fault(number, name_of(meaning), std::move(fault));
    return true;
  };
  if (refuse(ColumnMeaning::iccid, read_iccid(iccid, sim.iccid)) ||
      refuse(ColumnMeaning::imsi, read_imsi(field(ColumnMeaning::imsi), sim.imsi)) ||
      refuse(ColumnMeaning::msisdn, read_msisdn(field(ColumnMeaning::msisdn), sim.msisdn)) ||
      refuse(ColumnMeaning::profile, read_profile(field(ColumnMeaning::profile), sim.profile))) {
    return;
  }
  if (record_.had_blanks()) ++lines_with_blanks_;
  if (iccid.ends_with('F') || iccid.ends_with('f')) ++filled_;
  ++sims_of_issuers_[static_cast<std::size_t>(issuer_of(sim.iccid) - issuers().data())];
  sims_.add(sim);
}

void OrderReader::merge_late_faults() {
  LateFaults late = find_late_faults(reading_.order.lines, most_faults_, memory_);
  reading_.bad_lines += late.bad_lines;
  auto& faults = reading_.faults;
  std::move(late.faults.begin(), late.faults.end(), std::back_inserter(faults));
  std::sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  faults.resize(std::min(faults.size(), most_faults_));
  if (late.zero_ended > 0) reading_.order.notices.push_back(notice_of_zeros(late.zero_ended));
}

void OrderReader::list_issuers() {
  for (std::size_t i = 0; i < sims_of_issuers_.size(); ++i)
    if (sims_of_issuers_[i] > 0) reading_.issuers.push_back({&issuers()[i], sims_of_issuers_[i]});
}

void OrderReader::finish() {
  reading_.bytes = lines_.file().bytes_read();
  reading_.order.sha256 = lines_.file().sha256();
  reading_.encoding = lines_.encoding();
  reading_.has_mark = lines_.has_mark();
  if (!reading_.header && !titles_.empty()) {
    add_fault(first_title_, "",
              titles_hold_numbers_
                  ? "there is no header: put a line before the SIMs that names the columns, as iccid,imsi"
                  : "no line names the columns; an order has a header iccid,imsi and a line a SIM");
  }
  reading_.order.lines = sims_.finish();
  list_issuers();
  reading_.order.notices = notices_of({.encoding = reading_.encoding,
                                       .titles = titles_,
                                       .header = reading_.header ? &*reading_.header : nullptr,
                                       .issuers = reading_.issuers,
                                       .lines_with_blanks = lines_with_blanks_,
                                       .filled = filled_,
                                       .empty_lines = empty_lines_});
  merge_late_faults();
  if (reading_.order.lines.empty() && reading_.bad_lines == 0) {
    add_fault(reading_.header ? reading_.header->line : 1, "",
              "the order names no SIM; it has a header iccid,imsi and a line a SIM");
  }
}

}  // namespace lightseed
