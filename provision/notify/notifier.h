// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provision/ledger/message.h"

namespace lightseed {

/// One way for a ledger's messages to reach other programs.
///
/// The seam between the outbox (provision/ledger/message.h) and whatever carries messages further. A notifier hands
/// over one message at a time and says when the receiver has it for good; only then the ledger forgets that it waits.
/// What is away for now is Error(busy): the message stays, and a later call begins with it.
class Notifier {
 public:
  virtual ~Notifier() = default;
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Returns once the receiver has the message; false: it knew it already, by its id. Throws Error(busy) for a receiver
  /// that is away or does not answer, Error(refused) for one that will not take it until a person has done something.
  virtual bool deliver(const LedgerMessage& message) = 0;

  /// The id of the message that the receiver was given last, where it can say: a run that died before it could note
  /// that is not repeated.
  [[nodiscard]] virtual std::optional<std::string> last_delivered() { return std::nullopt; }

  /// The receiver tells a message that it is given twice by its id: deliveries may be noted many at once.
  [[nodiscard]] virtual bool knows_repeats() const noexcept { return false; }

 protected:
  Notifier() = default;
};

/// A kind of receiver. A new one is a pair of files and a row in notifier.cpp.
struct NotifierKind {
  std::string_view scheme;  ///< of its URIs
  std::string_view form;    ///< of what follows, for people: "nats://HOST:PORT/SUBJECT"
  std::unique_ptr<Notifier> (*open)(const std::string& uri);
};

/// Those that this build has.
const std::vector<NotifierKind>& notifier_kinds();

/// Throws Error(usage) for a malformed URI or an unknown scheme, Error(busy) and Error(refused) as deliver() does.
std::unique_ptr<Notifier> open_notifier(const std::string& uri);

}  // namespace lightseed
