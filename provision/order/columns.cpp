// SPDX-License-Identifier: Apache-2.0
#include "provision/order/columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "provision/order/digits.h"
#include "provision/order/record.h"
#include "provision/order/utf8.h"

namespace lightseed {
namespace {

struct Name {
  std::string_view plain;  ///< as plain() makes it
  ColumnMeaning meaning;
};

using enum ColumnMeaning;

constexpr std::array<Name, 67> names{{
    {"iccid", iccid},
    {"icc", iccid},
    {"iccidno", iccid},
    {"iccidnr", iccid},
    {"iccidnumber", iccid},
    {"simiccid", iccid},
    {"uicciccid", iccid},
    {"cardiccid", iccid},
    {"integratedcircuitcardidentifier", iccid},
    {"iccid号", iccid},
    {"iccid号码", iccid},
    {"iccid卡号", iccid},
    {"集成电路卡识别码", iccid},
    {"imsi", imsi},
    {"imsino", imsi},
    {"imsinr", imsi},
    {"imsinumber", imsi},
    {"simimsi", imsi},
    {"internationalmobilesubscriberidentity", imsi},
    {"imsi号", imsi},
    {"imsi号码", imsi},
    {"国际移动用户识别码", imsi},
    {"msisdn", msisdn},
    {"msisdnno", msisdn},
    {"msisdnnumber", msisdn},
    {"mobilenumber", msisdn},
    {"phonenumber", msisdn},
    {"手机号", msisdn},
    {"手机号码", msisdn},
    {"msisdn号码", msisdn},
    {"移动用户号码", msisdn},
    {"profile", profile},
    {"profilename", profile},
    {"productprofile", profile},
    {"ki", secret},
    {"eki", secret},
    {"k", secret},
    {"op", secret},
    {"opc", secret},
    {"adm", secret},
    {"pin", secret},
    {"puk", secret},
    {"kic", secret},
    {"kid", secret},
    {"kik", secret},
    {"id", unused},
    {"no", unused},
    {"nr", unused},
    {"name", unused},
    {"acc", unused},
    {"smsp", unused},
    {"mcc", unused},
    {"mnc", unused},
    {"mccmnc", unused},
    {"imei", unused},
    {"imeisv", unused},
    {"eid", unused},
    {"spn", unused},
    {"algorithm", unused},
    {"batch", unused},
    {"box", unused},
    {"type", unused},
    {"cardtype", unused},
    {"序号", unused},
    {"姓名", unused},
    {"备注", unused},
    {"", unused},
}};

/// Lower case, and without blanks and punctuation of ASCII.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      text += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) {
      text += c;
    }
  }
  return text;
}

/// One letter wrong, missing, too many, or two changed places.
bool is_nearly(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i])
    ++i;
  if (a.size() < b.size()) return a.substr(i) == b.substr(i + 1);
  const bool swapped = i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] && a.substr(i + 2) == b.substr(i + 2);
  return swapped || a.substr(std::min(i + 1, a.size())) == b.substr(std::min(i + 1, b.size()));
}

/// The column that a name of no meaning is likely to be a slip for; empty for none.
std::string_view nearly_named(const std::string& name) {
  constexpr std::array<std::string_view, 4> read{"iccid", "imsi", "msisdn", "profile"};
  const auto* const found =
      std::find_if(read.begin(), read.end(), [&](std::string_view known) { return is_nearly(plain(name), known); });
  return found == read.end() ? std::string_view() : *found;
}

Header make_header(std::uint64_t number, char separator, const std::vector<std::string_view>& fields) {
  Header header{.line = number, .separator = separator, .columns = {}, .places = {}};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const ColumnMeaning meaning = meaning_of(fields[i]);
    header.columns.push_back({shown(fields[i]), meaning});
    const auto index = static_cast<std::size_t>(meaning);
    if (index < header.places.size() && !header.places[index]) header.places[index] = i;
  }
  return header;
}

std::size_t read_columns(const Header& header) {
  return static_cast<std::size_t>(
      std::count_if(header.places.begin(), header.places.end(), [](const auto& place) { return place.has_value(); }));
}

}  // namespace

std::string_view name_of(ColumnMeaning meaning) noexcept {
  switch (meaning) {
    case iccid: return "iccid";
    case imsi: return "imsi";
    case msisdn: return "msisdn";
    case profile: return "profile";
    case secret: return "secret";
    case unused: return "unused";
    case unknown: return "unknown";
  }
  return "unknown";
}

ColumnMeaning meaning_of(std::string_view name) {
  const std::string text = plain(name);
  if (text.empty() && !name.empty()) return unknown;  // punctuation alone
  const auto known = [](std::string_view wanted) {
    return std::find_if(names.begin(), names.end(), [&](const Name& entry) { return entry.plain == wanted; });
  };
  if (const auto found = known(text); found != names.end()) return found->meaning;
  // Keys and codes come numbered (PIN1, KIC3) and with the name of their domain (UICC_SCP03_KIC1).
  const std::string_view unnumbered = std::string_view(text).substr(0, text.find_last_not_of("0123456789") + 1);
  if (const auto found = known(unnumbered); found != names.end() && found->meaning == secret) return secret;
  return text.find("scp0") != std::string::npos ? secret : unknown;
}

std::optional<Header> recognise_header(std::uint64_t number, std::string_view line) {
  std::optional<Header> best;
  for (const char separator : {',', ';', '\t', '|'}) {
    Record record;
    if (!record.cut(line, separator).empty()) continue;
    Header header = make_header(number, separator, record.fields());
    if (!header.place(iccid) && !header.place(imsi)) continue;
    if (!best || read_columns(header) > read_columns(*best)) best = std::move(header);
  }
  return best;
}

std::optional<OrderFault> fault_of(const Header& header) {
  std::array<bool, 4> seen{};
  for (const OrderColumn& column : header.columns) {
    const auto index = static_cast<std::size_t>(column.meaning);
    if (index < seen.size()) {
      const std::string meaning(name_of(column.meaning));
      if (seen[index])
        return OrderFault{header.line, meaning,
                          fmt::format("column '{}' stands twice: '{}' means it as well", meaning, column.name)};
      seen[index] = true;
    }
    if (column.meaning != unknown) continue;
    if (const auto near = nearly_named(column.name); !near.empty()) {
      return OrderFault{
          header.line, column.name,
          fmt::format("unknown column '{}': if it is '{}', write it so; if not, leave it out", column.name, near)};
    }
  }
  for (const ColumnMeaning needed : {iccid, imsi}) {
    const std::string name(name_of(needed));
    if (!header.place(needed))
      return OrderFault{header.line, name,
                        fmt::format("the header has no column '{}'; '{}' and other usual names are understood too",
                                    name, needed == iccid ? "ICC" : "IMSI No.")};
  }
  return std::nullopt;
}

}  // namespace lightseed
