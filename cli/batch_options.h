// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"

namespace lightseed::cli {

/// What verbs that read an issued batch take: who must have sealed it, and whose key opens it.
Option trust_option();
Option recipient_key_option(bool required);

}  // namespace lightseed::cli
