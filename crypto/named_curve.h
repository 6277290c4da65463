// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

namespace lightseed {

/// The key is of libcrypto's type `type` ("EC", "SM2") on its curve `curve`, which is given by its name and not by
/// parameters of somebody's own making.
bool is_on_named_curve(const EVP_PKEY* key, const char* type, const char* curve);

}  // namespace lightseed
