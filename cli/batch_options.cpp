// SPDX-License-Identifier: Apache-2.0
#include "cli/batch_options.h"

namespace lightseed::cli {

Option trust_option() {
  return {.name = "trust", .value = "CRT", .text = "the signer's certificate, known from elsewhere", .required = true};
}

Option recipient_key_option(bool required) {
  return {.name = "recipient-key",
          .value = "KEY",
          .text = "private key of a recipient, or kek:ID:FILE",
          .required = required};
}

}  // namespace lightseed::cli
