// SPDX-License-Identifier: Apache-2.0
#include "provision/ledger/event.h"

#include "core/byte_views.h"
#include "core/hex.h"
#include "crypto/digest.h"

namespace lightseed {

void append_netstring(std::string& out, std::string_view field) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
  out += ',';
}

std::string_view reason_of_event(std::string_view why) {
  constexpr std::size_t longest_reason = 500;
  if (why.size() <= longest_reason) return why;
  std::size_t size = longest_reason;
  while (size > 0 && (static_cast<unsigned char>(why[size]) & 0xC0U) == 0x80)
    --size;
  return why.substr(0, size);
}

std::string digest_of(const std::string& ledger_id, const LedgerEvent& event) {
  std::string text;
  append_netstring(text, "lightseed/ledger-event/v1");
  append_netstring(text, ledger_id);
  append_netstring(text, event.previous_digest);
  append_netstring(text, std::to_string(event.sequence));
  append_netstring(text, event.moment);
  append_netstring(text, event.what);
  append_netstring(text, event.batch);
  append_netstring(text, event.subject);
  append_netstring(text, std::to_string(event.blocks));
  append_netstring(text, event.blocks_sha256);
  return hex(sha256(bytes_of(text)));
}

std::string digest_of_request(std::string_view order_id, std::string_view request, std::string_view directory) {
  std::string text;
  append_netstring(text, order_id);
  append_netstring(text, request);
  append_netstring(text, directory);
  return hex(sha256(bytes_of(text)));
}

}  // namespace lightseed
