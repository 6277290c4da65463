// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <p11-kit/pkcs11.h>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "tests/scratch.h"

namespace lightseed::test {

/// A token made of software (SoftHSM2), empty, gone with the test; one at a time. Objects get their attributes by
/// PKCS#11 itself: command line tools allow every key everything.
class SoftToken {
 public:
  SoftToken();

  struct Uses {
    CK_BBOOL encrypt = CK_TRUE;
    CK_BBOOL wrap = CK_TRUE;
    CK_KEY_TYPE type = CKK_AES;
  };
  void add_secret(const std::string& label, std::span<const std::byte> key, Uses uses, unsigned char id = 1) const;
  void add_secret(const std::string& label, std::string_view hex_key) const;
  /// Generated in the token: RSA of 2048 bits, or EC on P-384.
  void add_rsa(const std::string& label, CK_BBOOL signs = CK_TRUE) const;
  void add_ec(const std::string& label) const;
  /// How many objects are there.
  [[nodiscard]] std::size_t objects() const;

  /// The URI of an object; `more` comes behind its label.
  [[nodiscard]] std::string uri(const std::string& label, const std::string& more = {}) const;
  /// The same with another file for the PIN, of mode 0600 and with this in it.
  [[nodiscard]] std::string uri_with_pin(const std::string& label, const std::string& pin) const;

 private:
  Scratch scratch_;

  /// In a session of the user that may write.
  void session(const std::function<void(const CK_FUNCTION_LIST&, CK_SESSION_HANDLE)>& work) const;
  [[nodiscard]] std::string pin_file(const char* name, const std::string& pin) const;
};

}  // namespace lightseed::test
