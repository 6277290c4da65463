// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// A session with a token – an HSM, a smart card, SoftHSM – reached through PKCS#11, logged in, and the keys in it that
/// a URI names. Whatever key lives in a token is used through one: token_signing_key.h, token_aes_key.h,
/// token_rsa_key.h.
///
/// `uri` is a PKCS#11 URI (RFC 7512) that names one token and one key:
///
///   pkcs11:token=keys;object=signer?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/lightseed/pin
///
/// Without module-path the modules that p11-kit is configured with are looked through. The PIN is the first line of a
/// file that only its owner can read; pin-value is refused, because a command line is no place for a secret.
class TokenSession {
 public:
  /// Throws Error(usage) for a URI that is none or names too little, Error(device) when module or token is not there,
  /// the PIN is wrong or its file can be read by others.
  explicit TokenSession(const std::string& uri);
  ~TokenSession();
  TokenSession(const TokenSession&) = delete;
  TokenSession& operator=(const TokenSession&) = delete;

  /// The module's functions, and what they call this session.
  [[nodiscard]] const CK_FUNCTION_LIST& calls() const noexcept { return *token_.module; }
  [[nodiscard]] CK_SESSION_HANDLE handle() const noexcept { return handle_; }
  /// A session does one thing at a time: whoever begins an operation holds this until it has ended.
  [[nodiscard]] std::mutex& turn() const noexcept { return turn_; }

  /// "the token 'keys'", for sentences.
  [[nodiscard]] std::string name() const;
  /// Throws Error(device) "the token 'keys' WHAT: REASON" when `code` is a fault.
  void require(CK_RV code, std::string_view what) const;

  /// The one object of this class that the URI names; others of that name are not looked at. `kind` is how sentences
  /// call the class: "private key". Throws Error(device) when it is not there, Error(usage) when there are several or
  /// the URI's type is another.
  [[nodiscard]] CK_OBJECT_HANDLE find(CK_OBJECT_CLASS wanted, std::string_view kind) const;

  /// Whether the token has a mechanism for this use (CKF_ENCRYPT, CKF_WRAP, …).
  [[nodiscard]] bool offers(CK_MECHANISM_TYPE mechanism, CK_FLAGS use) const;

  /// What the token tells of an object; nothing when it does not.
  [[nodiscard]] std::optional<std::vector<unsigned char>> attribute(CK_OBJECT_HANDLE object,
                                                                    CK_ATTRIBUTE_TYPE type) const;
  [[nodiscard]] std::optional<CK_ULONG> number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  /// A yes of the token, as to CKA_ENCRYPT.
  [[nodiscard]] bool allows(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;

 private:
  struct FreeUri {
    void operator()(P11KitUri* uri) const noexcept { p11_kit_uri_free(uri); }
  };
  using Uri = std::unique_ptr<P11KitUri, FreeUri>;

  /// The modules that may hold the token, initialised; given back when it goes.
  class Modules {
   public:
    explicit Modules(const char* path);
    ~Modules();
    Modules(const Modules&) = delete;
    Modules& operator=(const Modules&) = delete;

    [[nodiscard]] const std::vector<CK_FUNCTION_LIST*>& all() const noexcept { return all_; }

   private:
    CK_FUNCTION_LIST** configured_ = nullptr;
    CK_FUNCTION_LIST* own_ = nullptr;
    std::vector<CK_FUNCTION_LIST*> all_;
  };

  /// A token, in a module's slot.
  struct Token {
    CK_FUNCTION_LIST* module = nullptr;
    CK_SLOT_ID slot = 0;
    CK_TOKEN_INFO info{};
  };

  Uri uri_;
  Modules modules_;
  Token token_;
  CK_SESSION_HANDLE handle_ = 0;
  mutable std::mutex turn_;

  static Uri parsed(const std::string& text);
  /// The one token that the URI names.
  [[nodiscard]] Token find_token() const;
  void log_in();
};

}  // namespace lightseed
