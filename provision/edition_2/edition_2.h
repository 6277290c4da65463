// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/json.h"
#include "provision/certificate.h"

namespace lightseed::edition_2 {

/// Reads a statement of edition 2 and checks it by making it again; `body` is its text. Throws Error(malformed) naming
/// the member that cannot be read.
CertificateReading read(const Json& statement, std::string_view body);

}  // namespace lightseed::edition_2
