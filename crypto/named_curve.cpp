// SPDX-License-Identifier: Apache-2.0
#include "crypto/named_curve.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <string_view>

#include "crypto/handles.h"

namespace lightseed {

bool is_on_named_curve(const EVP_PKEY* key, const char* type, const char* curve) {
  char group[32] = {};
  std::size_t length = 0;
  int explicit_parameters = 0;
  const bool good =
      key != nullptr && EVP_PKEY_is_a(key, type) == 1 &&
      EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1 && std::string_view(group, length) == curve &&
      (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) != 1 ||
       explicit_parameters == 0);
  openssl::reason();
  return good;
}

}  // namespace lightseed
