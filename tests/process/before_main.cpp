// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "crypto/initialise.h"

namespace {

// Before main, which belongs to Catch2.
[[maybe_unused]] const bool initialised = [] {
  setenv("OPENSSL_CONF", "/nowhere/openssl.cnf", 1);
  setenv("OPENSSL_MODULES", "/nowhere", 1);
  setenv("LIGHTSEED_TEST_KEEPS_THIS", "1", 1);
  lightseed::crypto::initialise();
  return true;
}();

}  // namespace
