// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "provision/notify/notifier.h"

namespace lightseed {

/// command:PROGRAM: a program that is run once a message, without a shell and without arguments, with the message as
/// one line of JSON on its standard input. Its exit code 0 says that it has the message for good. What it prints goes
/// to standard error.
std::unique_ptr<Notifier> open_command_notifier(const std::string& uri);

}  // namespace lightseed
