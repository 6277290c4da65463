// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "provision/certificate.h"

namespace lightseed::test {

/// The verifier can read this body of a certificate and finds no fault with it.
inline bool is_believed(const std::string& body) {
  try {
    return read_certificate(body).faults.empty();
  } catch (const Error& error) {
    CHECK(error.category() == Category::verdict);
    return false;
  }
}

}  // namespace lightseed::test
