// SPDX-License-Identifier: Apache-2.0
#include "crypto/token_session.h"

#include <fmt/format.h>
#include <p11-kit/p11-kit.h>

#include <array>
#include <cstring>
#include <span>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/secret_bytes.h"
#include "crypto/private_file.h"

// PKCS#11 is a C interface of function tables. A module is loaded and initialised once, a slot with a token in it is
// found, a session on it is opened and logged in, and an object in it is named by a handle; each of these is valid as
// long as the one before. TokenSession is that chain as one owner. p11-kit counts who uses a module, so that several
// sessions, of one token even, do not know of each other; a token asks for its PIN once.

namespace lightseed {
namespace {

constexpr std::size_t longest_pin = 256;

Error token_error(std::string_view what, CK_RV code) {
  return {Category::device, fmt::format("{}: {}", what, p11_kit_strerror(code))};
}

/// What a PKCS#11 text of fixed width says, without the blanks behind it.
std::string_view text_of_field(std::span<const unsigned char> field) {
  std::string_view text = text_of(std::as_bytes(field));
  return text.substr(0, text.find_last_not_of(' ') + 1);
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

}  // namespace

TokenSession::Modules::Modules(const char* path) {
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
    throw token_error(fmt::format("cannot start the PKCS#11 module {}", path), code);
  }
  all_.push_back(own_);
}

TokenSession::Modules::~Modules() {
  if (configured_ != nullptr) p11_kit_modules_finalize_and_release(configured_);
  if (own_ == nullptr) return;
  p11_kit_module_finalize(own_);
  p11_kit_module_release(own_);
}

TokenSession::TokenSession(const std::string& uri)
    : uri_(parsed(uri)), modules_(p11_kit_uri_get_module_path(uri_.get())), token_(find_token()) {
  require(calls().C_OpenSession(token_.slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle_), "opens no session");
  try {
    log_in();
  } catch (...) {
    calls().C_CloseSession(handle_);
    throw;
  }
}

TokenSession::~TokenSession() {
  // The last session of a token that is closed logs out too.
  calls().C_CloseSession(handle_);
}

TokenSession::Uri TokenSession::parsed(const std::string& text) {
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

TokenSession::Token TokenSession::find_token() const {
  std::vector<Token> found;
  const auto listed = [](CK_RV code) {
    if (code != CKR_OK) throw token_error("cannot list the tokens", code);
  };
  for (CK_FUNCTION_LIST* const module : modules_.all()) {
    CK_ULONG count = 0;
    listed(module->C_GetSlotList(CK_TRUE, nullptr, &count));
    std::vector<CK_SLOT_ID> slots(count);
    listed(module->C_GetSlotList(CK_TRUE, slots.data(), &count));
    slots.resize(count);
    for (const CK_SLOT_ID slot : slots) {
      Token token{.module = module, .slot = slot};
      if (module->C_GetTokenInfo(slot, &token.info) != CKR_OK) continue;
      if (p11_kit_uri_match_token_info(uri_.get(), &token.info) == 1) found.push_back(token);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) throw Error(Category::device, "no token is there that the PKCS#11 URI names");
  throw Error(Category::usage, fmt::format("the PKCS#11 URI names {} tokens; say more: serial=…", found.size()));
}

void TokenSession::log_in() {
  if ((token_.info.flags & CKF_LOGIN_REQUIRED) == 0) return;
  const char* const pin_source = p11_kit_uri_get_pin_source(uri_.get());
  const auto let_in = [this](CK_RV code) {
    if (code != CKR_USER_ALREADY_LOGGED_IN) require(code, "lets nobody in");
  };
  if ((token_.info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0 && pin_source == nullptr) {
    let_in(calls().C_Login(handle_, CKU_USER, nullptr, 0));
    return;
  }
  if (pin_source == nullptr) {
    throw Error(Category::usage,
                fmt::format("{} wants a PIN: name a file of mode 0600 in the URI, pin-source=file:PATH", name()));
  }
  SecretBytes pin = read_pin(pin_source);
  const CK_RV code = calls().C_Login(handle_, CKU_USER, octets(pin.data()), pin.size());
  if (code == CKR_PIN_INCORRECT) {
    throw Error(Category::device,
                fmt::format("the PIN in {} is not that of {}; a few wrong ones lock it", pin_source, name()));
  }
  let_in(code);
}

std::string TokenSession::name() const {
  return fmt::format("the token '{}'", text_of_field(token_.info.label));
}

void TokenSession::require(CK_RV code, std::string_view what) const {
  if (code != CKR_OK) throw token_error(fmt::format("{} {}", name(), what), code);
}

CK_OBJECT_HANDLE TokenSession::find(CK_OBJECT_CLASS wanted, std::string_view kind) const {
  const CK_ATTRIBUTE* const type = p11_kit_uri_get_attribute(uri_.get(), CKA_CLASS);
  if (type != nullptr &&
      (type->ulValueLen != sizeof wanted || std::memcmp(type->pValue, &wanted, sizeof wanted) != 0)) {
    throw Error(Category::usage, fmt::format("what the PKCS#11 URI names is no {}, by its type", kind));
  }
  std::vector<CK_ATTRIBUTE> pattern{{.type = CKA_CLASS, .pValue = &wanted, .ulValueLen = sizeof wanted}};
  for (const CK_ATTRIBUTE_TYPE named : {CKA_LABEL, CKA_ID}) {
    if (const CK_ATTRIBUTE* const given = p11_kit_uri_get_attribute(uri_.get(), named)) pattern.push_back(*given);
  }
  std::array<CK_OBJECT_HANDLE, 2> found{};
  CK_ULONG count = 0;
  const std::scoped_lock lock(turn_);
  require(calls().C_FindObjectsInit(handle_, pattern.data(), pattern.size()), "does not look for the key");
  const CK_RV code = calls().C_FindObjects(handle_, found.data(), found.size(), &count);
  calls().C_FindObjectsFinal(handle_);
  require(code, "does not look for the key");
  if (count == 0) throw Error(Category::device, fmt::format("{} has no {} that the URI names", name(), kind));
  if (count > 1) {
    throw Error(Category::usage, fmt::format("the URI names more than one {} in {}; add id=%NN", kind, name()));
  }
  return found[0];
}

bool TokenSession::offers(CK_MECHANISM_TYPE mechanism, CK_FLAGS use) const {
  CK_MECHANISM_INFO info{};
  return calls().C_GetMechanismInfo(token_.slot, mechanism, &info) == CKR_OK && (info.flags & use) == use;
}

std::optional<std::vector<unsigned char>> TokenSession::attribute(CK_OBJECT_HANDLE object,
                                                                  CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE asked{.type = type, .pValue = nullptr, .ulValueLen = 0};
  const auto told = [&] {
    return calls().C_GetAttributeValue(handle_, object, &asked, 1) == CKR_OK &&
           asked.ulValueLen != CK_UNAVAILABLE_INFORMATION;
  };
  if (!told()) return std::nullopt;
  std::vector<unsigned char> value(asked.ulValueLen);
  asked.pValue = value.data();
  if (!told()) return std::nullopt;
  value.resize(asked.ulValueLen);
  return value;
}

std::optional<CK_ULONG> TokenSession::number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  const auto value = attribute(object, type);
  CK_ULONG number = 0;
  if (!value || value->size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof number);
  return number;
}

bool TokenSession::allows(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  const auto value = attribute(object, type);
  return value && value->size() == sizeof(CK_BBOOL) && value->front() != CK_FALSE;
}

}  // namespace lightseed
