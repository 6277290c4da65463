// SPDX-License-Identifier: Apache-2.0
#include "provision/notify/notifier.h"

#include <fmt/format.h>

#include "core/error.h"
#include "provision/notify/command.h"
#ifdef LIGHTSEED_HAS_NATS
#include "provision/notify/nats/nats.h"
#endif

namespace lightseed {

const std::vector<NotifierKind>& notifier_kinds() {
  static const std::vector<NotifierKind> kinds{
      {.scheme = "command", .form = "command:PROGRAM", .open = open_command_notifier},
#ifdef LIGHTSEED_HAS_NATS
      {.scheme = "nats", .form = "nats://HOST:PORT/SUBJECT", .open = open_nats_notifier},
      {.scheme = "tls", .form = "tls://HOST:PORT/SUBJECT", .open = open_nats_notifier},
#endif
  };
  return kinds;
}

std::unique_ptr<Notifier> open_notifier(const std::string& uri) {
  const std::string scheme = uri.substr(0, uri.find(':'));
  std::string known;
  for (const NotifierKind& kind : notifier_kinds()) {
    if (uri.size() > scheme.size() && scheme == kind.scheme) return kind.open(uri);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", kind.form);
  }
  if (scheme.size() == uri.size())
    throw Error(Category::usage, fmt::format("a receiver is named by how it is told: {}", known));
  // The rest of it may hold a password.
  throw Error(Category::usage,
              fmt::format("this build reaches no receiver by '{}:' (known: {})", scheme.substr(0, 20), known));
}

}  // namespace lightseed
