// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstdlib>

#include "crypto/initialise.h"

int main(int argc, char** argv) {
  setenv("OPENSSL_CONF", "/nowhere/openssl.cnf", 1);
  setenv("OPENSSL_MODULES", "/nowhere", 1);
  setenv("LIGHTSEED_TEST_KEEPS_THIS", "1", 1);
  lightseed::crypto::initialise();
  return Catch::Session().run(argc, argv);
}
