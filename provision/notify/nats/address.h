// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace lightseed {

/// Where a subject of NATS is, as a URI says it.
struct NatsAddress {
  std::string server;  ///< "nats://host:4222"
  std::string subject;
  bool encrypted = false;  ///< or not at all
  std::string credentials_file, ca_file, certificate_file, key_file;
};

/// Throws Error(usage) for a malformed one and, without repeating it, for one with a name or password in it: arguments
/// can be read by every user of the host.
NatsAddress nats_address(const std::string& uri);

}  // namespace lightseed
