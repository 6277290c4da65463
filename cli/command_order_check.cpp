// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/batch_options.h"
#include "cli/exit_code.h"
#include "cli/order_faults.h"
#include "cli/printable.h"
#include "cli/verbs.h"
#include "cli/words.h"
#include "provision/order.h"

namespace lightseed::cli {
namespace {

std::string separator_words(char separator) {
  switch (separator) {
    case ',': return "comma";
    case ';': return "semicolon";
    case '\t': return "tab";
    default: return "bar";
  }
}

/// The columns that are read mean themselves; of the others it is said that they are not.
std::string column_words(const OrderColumn& column) {
  const bool is_read = static_cast<std::size_t>(column.meaning) < 4;
  return fmt::format("{} → {}", column.name.empty() ? "(no name)" : column.name,
                     is_read ? name_of(column.meaning) : fmt::format("not read ({})", name_of(column.meaning)));
}

Json to_json(const OrderReading& reading, const std::string& file) {
  Json columns = Json::array();
  Json issuers = Json::array();
  if (reading.header) {
    for (const OrderColumn& column : reading.header->columns)
      columns.push_back({{"name", column.name}, {"meaning", name_of(column.meaning)}});
  }
  for (const IssuerCount& count : reading.issuers)
    issuers.push_back({{"prefix", count.issuer->prefix}, {"name", count.issuer->name}, {"sims", count.sims}});
  return {{"file", file},
          {"order", reading.order.id},
          {"sha256", reading.order.sha256},
          {"bytes", reading.bytes},
          {"encoding", name_of(reading.encoding)},
          {"byte_order_mark", reading.has_mark},
          {"separator", reading.header ? Json(std::string(1, reading.header->separator)) : Json()},
          {"header_line", reading.header ? Json(reading.header->line) : Json()},
          {"columns", columns},
          {"sims", reading.order.lines.size()},
          {"issuers", issuers},
          {"notices", reading.order.notices},
          {"bad_lines", reading.bad_lines},
          {"faults", order_faults_json(file, reading.faults)}};
}

void print_words(std::ostream& out, const OrderReading& reading, const std::string& file) {
  const auto line = [&](std::string_view name, const std::string& value) {
    out << fmt::format("{:<10} ", name) << printable(value, 2000) << "\n";
  };
  line("file", fmt::format("{}, {}, SHA-256 {}", file, counted(reading.bytes, "byte"), reading.order.sha256));
  line("order", reading.order.id);
  line("encoding", fmt::format("{}{}", name_of(reading.encoding), reading.has_mark ? " with a byte order mark" : ""));
  if (reading.header) {
    line("header",
         fmt::format("line {}, separated by {}", reading.header->line, separator_words(reading.header->separator)));
    for (const OrderColumn& column : reading.header->columns)
      line("column", column_words(column));
  }
  line("SIMs", fmt::format("{}", reading.order.lines.size()));
  for (const IssuerCount& count : reading.issuers)
    line("issuer", fmt::format("{}… {}: {}", count.issuer->prefix, count.issuer->name, counted(count.sims, "SIM")));
  for (const std::string& notice : reading.order.notices)
    out << Coloured{Colour::notice, "note"} << "       " << printable(notice, 2000) << "\n";
  for (const OrderFault& fault : reading.faults)
    out << Coloured{Colour::bad, "FAULT"} << "      "
        << printable(fmt::format("{}:{}: {}", file, fault.line, fault.reason), 2000) << "\n";
  if (reading.bad_lines > reading.faults.size())
    out << fmt::format("… and {} more\n", reading.bad_lines - reading.faults.size());
  if (reading.bad_lines == 0) {
    out << Coloured{Colour::good, "GOOD"} << ": this order can be issued.\n";
  } else {
    out << Coloured{Colour::bad, "BAD"} << ": " << counted(reading.bad_lines, "bad line")
        << "; nothing would be generated.\n";
  }
}

int run_order_check(const Context& context) {
  const std::string& file = context.text("order");
  const OrderReading reading = examine_order(file, order_id_of(context), context.options.count("most"));
  if (context.json()) {
    context.print_json("order-check", to_json(reading, file));
  } else {
    print_words(context.out(), reading, file);
  }
  return reading.bad_lines == 0 ? 0 : exit_code(Category::usage);
}

}  // namespace

Command order_check_command() {
  return {.name = "order check",
          .group = "Batches of SIM keys",
          .summary = "how an order is understood, and what is wrong with it",
          .description =
              "Reads an order as `batch issue` does and prints what was understood: encoding, separator, what each "
              "column means, how many SIMs of which issuer, what was not read; and every fault with its line. Needs no "
              "source, makes nothing. Exit code 2 when the order has a fault.\nSpreadsheets' and vendors' tables are "
              "understood, and rounding by spreadsheets is noticed: docs/orders.md.",
          .examples = {"lightseed order check order.csv", "lightseed order check order.csv --json | jq '.faults[]'"},
          .options = {{.name = "order", .value = "FILE", .text = "the order", .required = true},
                      {.name = "order-id",
                       .value = "ID",
                       .text = "names the order for ever; the file's name without its ending unless told"},
                      {.name = "most", .value = "N", .text = "faults to list; all are counted", .fallback = "1000"}},
          .positional = {"order"},
          .run = run_order_check};
}

}  // namespace lightseed::cli
