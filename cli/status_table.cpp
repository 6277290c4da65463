// SPDX-License-Identifier: Apache-2.0
#include "cli/status_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/printable.h"
#include "cli/size_words.h"
#include "cli/words.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t fields = 6;
using Row = std::array<std::string, fields>;

// What is of interest first stands first; the order's id is last, because it may be long.
const Row header{"STATE", "BEGUN (UTC)", "CHANGED (UTC)", "SIMS", "KEYS", "ORDER"};
constexpr std::array<bool, fields> is_number{false, false, false, true, true, false};

/// "2026-01-01 12:00" of RFC 3339; other text as it is.
std::string minute_of(const std::string& moment) {
  if (moment.size() != 20 || moment[10] != 'T') return printable(moment);
  return moment.substr(0, 10) + " " + moment.substr(11, 5);
}

std::uint64_t blocks_of(const BatchStatus& status) {
  std::uint64_t all = 0;
  for (const auto& [state, count] : status.blocks)
    all += count;
  return all;
}

Row row_of(const BatchStatus& status) {
  // A batch that is not whole tells how far it came.
  const std::uint64_t blocks = blocks_of(status);
  const std::uint64_t sims = status.asked ? status.asked->sims : blocks;
  return {state_words(status),
          minute_of(status.batch.created),
          minute_of(status.batch.changed),
          blocks == sims ? fmt::format("{}", sims) : fmt::format("{} of {}", blocks, sims),
          status.asked ? size_words(status.asked->bytes()) : "?",
          printable(status.batch.order_id)};
}

/// "98 ACTIVE, 2 REJECTED".
std::string stages_words(const BatchStatus& status) {
  std::string words;
  for (const auto& [stage, count] : status.blocks)
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, name_of(stage));
  return words;
}

/// What stands below a batch's line.
std::vector<std::string> notes_of(const BatchStatus& status) {
  std::vector<std::string> notes{fmt::format("batch {}{}{}", printable(status.batch.id),
                                             status.batch.purpose.empty() ? "" : ", ", printable(status.batch.purpose)),
                                 "in " + printable(status.batch.directory, 2000)};
  if (!status.reason.empty()) notes.push_back("burned: " + printable(status.reason, 2000));
  for (const EnteredAnswer& answer : status.answers)
    notes.push_back(fmt::format("the {} side answered on {}", printable(answer.outlet), minute_of(answer.moment)));
  if (status.blocks.size() > 1) notes.push_back(stages_words(status));
  return notes;
}

std::string table_line(const Row& row, const std::array<std::size_t, fields>& widths) {
  std::string line;
  for (std::size_t i = 0; i < fields; ++i) {
    const std::string blanks(widths[i] - std::min(widths[i], row[i].size()), ' ');
    if (i > 0) line += "  ";
    line += is_number[i] ? blanks + row[i] : row[i] + blanks;
  }
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

void print_paragraph(std::ostream& out, const Row& row, const BatchStatus& status, std::size_t columns) {
  constexpr std::size_t indent = 2;
  out << wrapped(fmt::format("{}: {}", row[0], row[5]), columns, indent) << "\n";
  std::vector<std::string> lines{fmt::format("{} SIM{}, {} of keys", row[3], row[3] == "1" ? "" : "s", row[4]),
                                 "begun " + row[1], "changed " + row[2]};
  for (const std::string& note : notes_of(status))
    lines.push_back(note);
  for (const std::string& line : lines)
    out << "  " << wrapped(line, columns, 2 * indent) << "\n";
}

}  // namespace

std::string state_words(const BatchStatus& status) {
  std::string state(name_of(status.batch.state));
  if (status.batch.state == BatchState::issued && !status.blocks.empty())
    return std::string(
        name_of(std::ranges::max(status.blocks, {}, [](const auto& part) { return part.second; }).first));
  if (!status.running) return state;
  return state + (*status.running ? ", running" : ", dead");
}

void print_status(std::ostream& out, const std::vector<BatchStatus>& batches, std::size_t columns) {
  std::array<std::size_t, fields> widths{};
  std::vector<Row> rows{header};
  for (const BatchStatus& status : batches)
    rows.push_back(row_of(status));
  for (const Row& row : rows)
    for (std::size_t i = 0; i < fields; ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::size_t width = 2 * (fields - 1);
  for (const std::size_t one : widths)
    width += one;
  const bool fits = columns == 0 || width <= columns;
  if (fits) out << table_line(header, widths) << "\n";
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (!fits) {
      print_paragraph(out, rows[i + 1], batches[i], columns);
      continue;
    }
    out << table_line(rows[i + 1], widths) << "\n";
    for (const std::string& note : notes_of(batches[i]))
      out << "  " << (columns == 0 ? note : wrapped(note, columns, 4)) << "\n";
  }
}

}  // namespace lightseed::cli
