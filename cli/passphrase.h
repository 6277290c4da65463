// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "crypto/passphrase.h"

namespace lightseed::cli {

/// --passphrase-file, for the verbs that read a private key.
Option passphrase_option();

/// Where passphrases come from in this call: the file of --passphrase-file, private as a key's, of which one end of
/// line is left out; otherwise a person at the terminal, who is asked without an echo, once a file; otherwise nowhere.
AskPassphrase ask_passphrase(const Context& context);

}  // namespace lightseed::cli
