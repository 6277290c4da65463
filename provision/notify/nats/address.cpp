// SPDX-License-Identifier: Apache-2.0
#include "provision/notify/nats/address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr const char* form =
    "the address of a stream has the form nats://HOST:PORT/SUBJECT?SETTING=FILE (or tls://), with the settings creds, "
    "ca, cert and key";

bool is_subject(std::string_view text) {
  const bool known = std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
  return known && !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string_view::npos;
}

/// Of a name, an IPv4 address or an IPv6 one in brackets; with the usual port where none is given.
std::string server_of(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view name = host.substr(0, colon);
  std::string_view port = "4222";
  if (colon != std::string_view::npos) port = host.substr(colon + 1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool good = error == std::errc{} && end == port.data() + port.size() && number > 0 && number <= 65'535;
  if (name.empty() || !good) throw Error(Category::usage, form);
  return fmt::format("{}:{}", name, number);
}

}  // namespace

NatsAddress nats_address(const std::string& uri) {
  const std::string_view whole = uri;
  const std::size_t begin = whole.find("://");
  if (begin == std::string_view::npos) throw Error(Category::usage, form);
  const std::string_view rest = whole.substr(begin + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
  if (rest.find('@') < host.size()) {
    throw Error(Category::usage,
                "the address of the stream has a name or a password in it, which every user of this host can read: "
                "leave it out and put it into a credentials file (creds=FILE) or NATS_USER and NATS_PASSWORD in the "
                "environment; and change it, for it was seen");
  }
  NatsAddress address;
  const std::string_view scheme = whole.substr(0, begin);
  address.encrypted = scheme == "tls";
  address.server = fmt::format("{}://{}", scheme, server_of(host));
  std::string_view behind = rest.substr(host.size());
  const std::size_t settings = behind.find('?');
  const std::string_view subject = behind.substr(0, settings);
  if (!subject.starts_with('/') || !is_subject(subject.substr(1))) {
    throw Error(Category::usage,
                fmt::format("{}; a subject has letters, digits, '-', '_' and dots between its words", form));
  }
  address.subject = subject.substr(1);
  behind = settings == std::string_view::npos ? std::string_view() : behind.substr(settings + 1);
  while (!behind.empty()) {
    const std::string_view one = behind.substr(0, behind.find('&'));
    behind.remove_prefix(std::min(behind.size(), one.size() + 1));
    const std::size_t equals = one.find('=');
    const std::string_view name = one.substr(0, equals);
    std::string* const file = name == "creds"  ? &address.credentials_file
                              : name == "ca"   ? &address.ca_file
                              : name == "cert" ? &address.certificate_file
                              : name == "key"  ? &address.key_file
                                               : nullptr;
    if (file == nullptr || equals == std::string_view::npos || equals + 1 == one.size() || !file->empty())
      throw Error(Category::usage, form);
    *file = one.substr(equals + 1);
  }
  if (address.certificate_file.empty() != address.key_file.empty())
    throw Error(Category::usage, "the settings cert and key of a stream's address belong together");
  return address;
}

}  // namespace lightseed
