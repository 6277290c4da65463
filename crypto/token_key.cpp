// SPDX-License-Identifier: Apache-2.0
#include "crypto/token_key.h"

#include <fmt/format.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <array>
#include <cstring>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "crypto/handles.h"
#include "crypto/private_file.h"

// PKCS#11 is a C interface of function tables. A module is loaded and initialised once, a slot with a token in it is
// found, a session on it is opened and logged in, and an object in it is named by a handle; each of these is valid as
// long as the one before. Session is that chain as one owner.

namespace lightseed {
namespace {

constexpr std::size_t longest_pin = 256;

/// DER of the object identifier of P-384, as CKA_EC_PARAMS holds it.
constexpr std::array<unsigned char, 7> p384_parameters{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
constexpr std::size_t p384_number_bytes = 48;

struct FreeUri {
  void operator()(P11KitUri* uri) const noexcept { p11_kit_uri_free(uri); }
};
using Uri = std::unique_ptr<P11KitUri, FreeUri>;

Error device_error(std::string_view what, CK_RV code) {
  return {Category::device, fmt::format("{}: {}", what, p11_kit_strerror(code))};
}

void require(CK_RV code, std::string_view what) {
  if (code != CKR_OK) throw device_error(what, code);
}

/// What a PKCS#11 text of fixed width says, without the blanks behind it.
std::string_view text_of_field(std::span<const unsigned char> field) {
  std::string_view text = text_of(std::as_bytes(field));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

Uri parse(const std::string& text) {
  Uri uri(p11_kit_uri_new());
  if (const int fault = p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get()); fault != P11_KIT_URI_OK) {
    throw Error(Category::usage, fmt::format("no PKCS#11 URI (RFC 7512), such as pkcs11:token=keys;object=signer: {}",
                                             p11_kit_uri_message(fault)));
  }
  if (p11_kit_uri_any_unrecognized(uri.get()) != 0) {
    throw Error(Category::usage, "the PKCS#11 URI names something that is not known; known are RFC 7512's attributes");
  }
  if (p11_kit_uri_get_pin_value(uri.get()) != nullptr) {
    throw Error(Category::usage,
                "a PIN does not belong on a command line, where others see it: write it into a file of mode 0600 and "
                "name that in the URI as pin-source=file:PATH");
  }
  if (p11_kit_uri_get_attribute(uri.get(), CKA_LABEL) == nullptr &&
      p11_kit_uri_get_attribute(uri.get(), CKA_ID) == nullptr) {
    throw Error(Category::usage, "the PKCS#11 URI names no key: add object=LABEL or id=%NN");
  }
  return uri;
}

/// The PIN, without the end of its line.
SecretBytes read_pin(const char* source) {
  constexpr std::string_view scheme = "file:";
  std::string_view path(source);
  if (path.starts_with(scheme)) path.remove_prefix(scheme.size());
  SecretBytes file = read_private_file(std::string(path), longest_pin);
  const std::string_view text = text_of(file.bytes());
  const std::string_view pin = text.substr(0, text.find_first_of("\r\n"));
  if (pin.empty()) throw Error(Category::device, fmt::format("{} holds no PIN in its first line", path));
  SecretBytes secret(pin.size());
  std::memcpy(secret.data(), pin.data(), pin.size());
  return secret;
}

/// The modules that may hold the token, initialised; given back when it goes.
class Modules {
 public:
  explicit Modules(const char* path) {
    if (path == nullptr) {
      configured_ = p11_kit_modules_load_and_initialize(0);
      for (CK_FUNCTION_LIST** module = configured_; module != nullptr && *module != nullptr; ++module)
        all_.push_back(*module);
      if (all_.empty()) {
        throw Error(Category::device, "no PKCS#11 module is configured; name one in the URI as module-path=FILE.so");
      }
      return;
    }
    own_ = p11_kit_module_load(path, 0);
    if (own_ == nullptr) {
      const char* const why = p11_kit_message();
      throw Error(Category::device,
                  fmt::format("cannot load the PKCS#11 module {}: {}", path, why == nullptr ? "no reason given" : why));
    }
    if (const CK_RV code = p11_kit_module_initialize(own_); code != CKR_OK) {
      p11_kit_module_release(own_);
      throw device_error(fmt::format("cannot start the PKCS#11 module {}", path), code);
    }
    all_.push_back(own_);
  }
  ~Modules() {
    if (configured_ != nullptr) p11_kit_modules_finalize_and_release(configured_);
    if (own_ == nullptr) return;
    p11_kit_module_finalize(own_);
    p11_kit_module_release(own_);
  }
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

/// The one token that the URI names.
Token find_token(const Modules& modules, P11KitUri* uri) {
  std::vector<Token> found;
  for (CK_FUNCTION_LIST* const module : modules.all()) {
    CK_ULONG count = 0;
    require(module->C_GetSlotList(CK_TRUE, nullptr, &count), "cannot list the tokens");
    std::vector<CK_SLOT_ID> slots(count);
    require(module->C_GetSlotList(CK_TRUE, slots.data(), &count), "cannot list the tokens");
    slots.resize(count);
    for (const CK_SLOT_ID slot : slots) {
      Token token{.module = module, .slot = slot};
      if (module->C_GetTokenInfo(slot, &token.info) != CKR_OK) continue;
      if (p11_kit_uri_match_token_info(uri, &token.info) == 1) found.push_back(token);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) throw Error(Category::device, "no token is there that the PKCS#11 URI names");
  throw Error(Category::usage, fmt::format("the PKCS#11 URI names {} tokens; say more: serial=…", found.size()));
}

/// r and s behind each other as ECDSA-Sig-Value in DER.
std::vector<std::byte> der_of(std::span<const unsigned char> numbers) {
  const auto half = static_cast<int>(numbers.size() / 2);
  openssl::Handle<ECDSA_SIG> signature(ECDSA_SIG_new());
  openssl::Handle<BIGNUM> r(BN_bin2bn(numbers.data(), half, nullptr));
  openssl::Handle<BIGNUM> s(BN_bin2bn(numbers.data() + half, half, nullptr));
  openssl::require(
      signature != nullptr && r != nullptr && s != nullptr && ECDSA_SIG_set0(signature.get(), r.get(), s.get()) == 1,
      "write a signature");
  // They are the signature's now.
  (void)r.release();
  (void)s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  const openssl::Handle<unsigned char> owner(der);
  openssl::require(size > 0, "write a signature");
  const auto bytes = std::as_bytes(std::span(der, static_cast<std::size_t>(size)));
  return {bytes.begin(), bytes.end()};
}

class TokenKey final : public SigningKey {
 public:
  explicit TokenKey(P11KitUri* uri) : modules_(p11_kit_uri_get_module_path(uri)), token_(find_token(modules_, uri)) {
    require(token_.module->C_OpenSession(token_.slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session_),
            fmt::format("cannot open {}", name()));
    log_in(p11_kit_uri_get_pin_source(uri));
    find_key(uri);
    require_p384();
  }
  ~TokenKey() override {
    // Logs out too: it is the only session.
    token_.module->C_CloseSession(session_);
  }

  TokenKey(const TokenKey&) = delete;
  TokenKey& operator=(const TokenKey&) = delete;

  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> message) const override {
    std::array<unsigned char, 48> digest{};
    std::size_t digest_size = digest.size();
    openssl::require(
        EVP_Q_digest(nullptr, "SHA2-384", nullptr, message.data(), message.size(), digest.data(), &digest_size) == 1,
        "digest what is to be signed");
    std::array<unsigned char, 2 * p384_number_bytes> numbers{};
    CK_ULONG size = numbers.size();
    CK_MECHANISM mechanism{.mechanism = CKM_ECDSA, .pParameter = nullptr, .ulParameterLen = 0};
    const std::scoped_lock lock(mutex_);
    require(token_.module->C_SignInit(session_, &mechanism, key_), fmt::format("{} does not sign", name()));
    require(token_.module->C_Sign(session_, digest.data(), digest_size, numbers.data(), &size),
            fmt::format("{} does not sign", name()));
    if (size != numbers.size()) throw Error(Category::device, fmt::format("{} gave no signature of P-384", name()));
    return der_of(numbers);
  }

 private:
  Modules modules_;
  Token token_;
  CK_SESSION_HANDLE session_ = 0;
  CK_OBJECT_HANDLE key_ = 0;
  mutable std::mutex mutex_;

  [[nodiscard]] std::string name() const { return fmt::format("the token '{}'", text_of_field(token_.info.label)); }

  void log_in(const char* pin_source) {
    if ((token_.info.flags & CKF_LOGIN_REQUIRED) == 0) return;
    if ((token_.info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0 && pin_source == nullptr) {
      require(token_.module->C_Login(session_, CKU_USER, nullptr, 0), fmt::format("{} lets nobody in", name()));
      return;
    }
    if (pin_source == nullptr) {
      throw Error(Category::usage,
                  fmt::format("{} wants a PIN: name a file of mode 0600 in the URI, pin-source=file:PATH", name()));
    }
    SecretBytes pin = read_pin(pin_source);
    const CK_RV code = token_.module->C_Login(session_, CKU_USER, octets(pin.data()), pin.size());
    if (code == CKR_PIN_INCORRECT) {
      throw Error(Category::device,
                  fmt::format("the PIN in {} is not that of {}; a few wrong ones lock it", pin_source, name()));
    }
    if (code != CKR_USER_ALREADY_LOGGED_IN) require(code, fmt::format("{} lets nobody in", name()));
  }

  void find_key(P11KitUri* uri) {
    CK_OBJECT_CLASS kind = CKO_PRIVATE_KEY;
    std::vector<CK_ATTRIBUTE> wanted{{.type = CKA_CLASS, .pValue = &kind, .ulValueLen = sizeof kind}};
    for (const CK_ATTRIBUTE_TYPE type : {CKA_LABEL, CKA_ID}) {
      if (const CK_ATTRIBUTE* const given = p11_kit_uri_get_attribute(uri, type)) wanted.push_back(*given);
    }
    std::array<CK_OBJECT_HANDLE, 2> found{};
    CK_ULONG count = 0;
    const std::string what = fmt::format("cannot look for the key in {}", name());
    require(token_.module->C_FindObjectsInit(session_, wanted.data(), wanted.size()), what);
    const CK_RV code = token_.module->C_FindObjects(session_, found.data(), found.size(), &count);
    token_.module->C_FindObjectsFinal(session_);
    require(code, what);
    if (count == 0) throw Error(Category::device, fmt::format("{} has no private key that the URI names", name()));
    if (count > 1)
      throw Error(Category::usage, fmt::format("the URI names more than one private key in {}; add id=%NN", name()));
    key_ = found[0];
  }

  void require_p384() const {
    CK_KEY_TYPE type = 0;
    std::array<unsigned char, 64> parameters{};
    CK_ATTRIBUTE asked[] = {{.type = CKA_KEY_TYPE, .pValue = &type, .ulValueLen = sizeof type},
                            {.type = CKA_EC_PARAMS, .pValue = parameters.data(), .ulValueLen = parameters.size()}};
    const CK_RV code = token_.module->C_GetAttributeValue(session_, key_, asked, 2);
    const bool good = code == CKR_OK && type == CKK_EC && asked[1].ulValueLen == p384_parameters.size() &&
                      std::memcmp(parameters.data(), p384_parameters.data(), p384_parameters.size()) == 0;
    if (good) return;
    throw Error(Category::refused,
                fmt::format("the key in {} is not of P-384; a batch is signed with ECDSA P-384", name()));
  }
};

}  // namespace

std::unique_ptr<const SigningKey> open_token_key(const std::string& uri, SignatureKind kind) {
  if (kind != SignatureKind::ecdsa_p384)
    throw Error(Category::refused, "a key for SM2 is read from a file: PKCS#11 has no name for it that tokens share");
  return std::make_unique<TokenKey>(parse(uri).get());
}

}  // namespace lightseed
