// SPDX-License-Identifier: Apache-2.0
#include "provision/export/format.h"

#include <fmt/format.h>

#include <array>
#include <string>

#include "core/error.h"
#include "provision/export/azure.h"
#include "provision/export/osmo_hlr.h"
#include "provision/export/pskc.h"
#include "provision/export/pysim.h"
#include "provision/export/vendor.h"
#include "provision/export/wrapped.h"

namespace lightseed {
namespace {

constexpr std::array table{
    ExportFormat{.name = "osmo-hlr",
                 .text = "SQL for the database of OsmoHLR, K and OPc in clear",
                 .make = make_osmo_hlr_export},
    ExportFormat{.name = "pskc", .text = "XML of RFC 6030, encrypted under a shared key", .make = make_pskc_export},
    ExportFormat{.name = "wrapped",
                 .text = "a line a key, wrapped for a token (RFC 3394, RFC 5649)",
                 .make = make_wrapped_export},
    ExportFormat{.name = "pysim", .text = "pySim's CSV with encrypted columns", .make = make_pysim_export},
    ExportFormat{.name = "vendor-elect",
                 .text = "the card side of the vendors' pair of text files",
                 .make = make_vendor_elect_export},
    ExportFormat{.name = "vendor-server", .text = "the network side of that pair", .make = make_vendor_server_export},
    ExportFormat{.name = "azure", .text = "the encrypted upload of Azure Private 5G Core", .make = make_azure_export},
};

}  // namespace

std::span<const ExportFormat> exports() noexcept {
  return table;
}

const ExportFormat& export_named(std::string_view name) {
  std::string known;
  for (const ExportFormat& format : table) {
    if (format.name == name) return format;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", format.name);
  }
  throw Error(Category::usage, fmt::format("no format is named '{}' (known: {})", name, known));
}

std::vector<std::string> names_of(const std::vector<CredentialKind>& kinds) {
  std::vector<std::string> names;
  names.reserve(kinds.size());
  for (const CredentialKind& kind : kinds)
    names.push_back(kind.name);
  return names;
}

std::size_t require_key(const ExportSetting& setting, std::string_view format, std::string_view name,
                        std::size_t bytes) {
  const auto place = setting.credentials.place_of(name);
  if (!place) {
    throw Error(
        Category::usage,
        fmt::format("the format {} needs {}, which the profile {} does not give{}", format, name, setting.profile.name,
                    name == "opc" ? "; it follows from a field opc or op, or from the operator's OP" : ""));
  }
  const std::size_t length = setting.credentials.kinds()[*place].length;
  if (length != bytes) {
    throw Error(Category::usage, fmt::format("the format {} takes a {} of {} bytes, and that of the profile {} has {}",
                                             format, name, bytes, setting.profile.name, length));
  }
  return *place;
}

}  // namespace lightseed
