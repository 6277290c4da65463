#pragma once

#include "cli/command.h"

namespace lightseed::cli {

// One function a verb, each defined in command_<verb>.cpp; commands.cpp puts them in order.
Command devices_command();
Command capture_command();
Command generate_command();
Command extract_command();
Command assess_command();
Command batch_issue_command();
Command batch_verify_command();
Command batch_status_command();

}  // namespace lightseed::cli
