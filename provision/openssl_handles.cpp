#include "provision/openssl_handles.h"

#include <openssl/err.h>

namespace lightseed {

std::string openssl_reason() {
  const unsigned long error = ERR_peek_last_error();
  const char* const reason = error != 0 ? ERR_reason_error_string(error) : nullptr;
  ERR_clear_error();
  return reason != nullptr ? reason : "no reason given";
}

}  // namespace lightseed
