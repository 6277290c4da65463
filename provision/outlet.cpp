// SPDX-License-Identifier: Apache-2.0
#include "provision/outlet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.h"

namespace lightseed {
namespace {

/// The CMS container of docs/formats.md.
void write_cms(const KeyFileContent& content, const Recipient& recipient, const Sink& sink) {
  envelop(content.signed_package, recipient, sink);
}

OpenedKeyFile read_cms(std::span<const std::byte> file, const RecipientKey& key, const X509Certificate& signer) {
  OpenedKeyFile opened{.signed_package = key.open(file), .package = {}};
  opened.package = parse_key_package(verify_package(opened.signed_package.bytes(), signer));
  return opened;
}

constexpr std::array table{Outlet{.name = "card",
                                  .recipient = "who personalises the cards",
                                  .ending = "p7m",
                                  .required = true,
                                  .write = write_cms,
                                  .read = read_cms},
                           Outlet{.name = "network",
                                  .recipient = "who runs the authentication centre",
                                  .ending = "p7m",
                                  .required = true,
                                  .write = write_cms,
                                  .read = read_cms}};

}  // namespace

std::span<const Outlet> outlets() noexcept {
  return table;
}

const Outlet& outlet_named(std::string_view name) {
  std::string known;
  for (const Outlet& outlet : table) {
    if (outlet.name == name) return outlet;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", outlet.name);
  }
  throw Error(Category::usage, fmt::format("no outlet is named '{}' (known: {})", name, known));
}

std::string key_file_name(const Outlet& outlet, std::string_view batch, std::uint64_t number) {
  return fmt::format("{}.{}.{:03}.{}", batch, outlet.name, number, outlet.ending);
}

bool is_key_file_name(std::string_view name, std::string_view batch) {
  return std::any_of(table.begin(), table.end(), [&](const Outlet& outlet) {
    const std::string front = fmt::format("{}.{}.", batch, outlet.name);
    const std::string back = fmt::format(".{}", outlet.ending);
    if (!name.starts_with(front) || !name.ends_with(back) || name.size() < front.size() + 3 + back.size()) return false;
    const std::string_view number = name.substr(front.size(), name.size() - front.size() - back.size());
    return std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  });
}

}  // namespace lightseed
