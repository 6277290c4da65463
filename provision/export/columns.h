// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lightseed {

/// As columns are called: "KIC1".
std::string upper_case(std::string_view credential);

/// Which transport key a credential goes under where each has none of its own: "auc", that of the authentication
/// centre, for ki and opc; "ota" for the keys over the air, kic, kid and kik. Empty for the others.
std::string_view transport_group(std::string_view credential) noexcept;

}  // namespace lightseed
