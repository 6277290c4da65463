// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "provision/notify/notifier.h"

namespace lightseed {

/// nats://HOST:PORT/SUBJECT, or tls:// where the connection must be encrypted: a stream of NATS JetStream, which
/// acknowledges each message once it has stored it and knows one that comes twice by its id. The stream must be there;
/// it is never made here.
///
/// Settings behind a `?`: creds=FILE (of a user, as `nsc` makes them), ca=FILE, cert=FILE and key=FILE for TLS. A name
/// and a password come from NATS_USER and NATS_PASSWORD in the environment, never from the URI.
std::unique_ptr<Notifier> open_nats_notifier(const std::string& uri);

}  // namespace lightseed
