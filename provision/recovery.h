// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "provision/ledger/ledger.h"

namespace lightseed {

/// Brings every batch that a crash left behind to its end: burns what was not issued and removes its files, and puts in
/// place what was. The caller holds the issuing lock, so none of them is being made.
///
/// What cannot be mended is told by name and left as it is; it keeps no other order from being issued.
void finish_unfinished(Ledger& ledger, const std::function<void(const std::string&)>& notice);

}  // namespace lightseed
