// SPDX-License-Identifier: Apache-2.0
#include "provision/export/columns.h"

namespace lightseed {

std::string upper_case(std::string_view credential) {
  std::string name(credential);
  for (char& c : name)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return name;
}

std::string_view transport_group(std::string_view credential) noexcept {
  if (credential == "ki" || credential == "opc") return "auc";
  return credential.starts_with("kic") || credential.starts_with("kid") || credential.starts_with("kik") ? "ota" : "";
}

}  // namespace lightseed
