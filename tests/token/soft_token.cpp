// SPDX-License-Identifier: Apache-2.0
#include "tests/token/soft_token.h"

#include <fmt/format.h>
#include <p11-kit/p11-kit.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "core/byte_views.h"
#include "core/hex.h"

namespace lightseed::test {
namespace {

namespace fs = std::filesystem;

// Where Debian's package puts it, on every architecture.
constexpr const char* module_path = "/usr/lib/softhsm/libsofthsm2.so";
constexpr const char* token_label = "exports";
constexpr std::string_view office_pin = "123456", user_pin = "654321";

void must(CK_RV code, const char* what) {
  if (code != CKR_OK) throw std::runtime_error(fmt::format("the test's token: {}: {}", what, p11_kit_strerror(code)));
}

unsigned char* text(std::string_view view) {
  return const_cast<unsigned char*>(octets(view.data()));
}

class Module {
 public:
  Module() : functions_(p11_kit_module_load(module_path, 0)) {
    if (functions_ == nullptr) throw std::runtime_error("SoftHSM is not installed: scripts/install-deps --tests");
    must(p11_kit_module_initialize(functions_), "start");
  }
  ~Module() {
    p11_kit_module_finalize(functions_);
    p11_kit_module_release(functions_);
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  [[nodiscard]] const CK_FUNCTION_LIST& calls() const { return *functions_; }

  /// The one slot with the token in it, or else the empty one.
  [[nodiscard]] CK_SLOT_ID slot(bool with_token) const {
    std::array<CK_SLOT_ID, 4> slots{};
    CK_ULONG count = slots.size();
    must(calls().C_GetSlotList(CK_TRUE, slots.data(), &count), "list");
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_TOKEN_INFO info{};
      must(calls().C_GetTokenInfo(slots[i], &info), "look");
      if (((info.flags & CKF_TOKEN_INITIALIZED) != 0) == with_token) return slots[i];
    }
    throw std::runtime_error("the test's token is not there");
  }

 private:
  CK_FUNCTION_LIST* functions_;
};

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const auto& value) {
  return {.type = type, .pValue = const_cast<void*>(static_cast<const void*>(&value)), .ulValueLen = sizeof value};
}

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return {.type = type, .pValue = text(value), .ulValueLen = value.size()};
}

constexpr CK_BBOOL yes = CK_TRUE;

}  // namespace

SoftToken::SoftToken() {
  const fs::path tokens = scratch_ / "tokens", configuration = scratch_ / "softhsm2.conf";
  fs::create_directory(tokens);
  std::ofstream(configuration) << "directories.tokendir = " << tokens.string()
                               << "\nobjectstore.backend = file\nlog.level = ERROR\n";
  setenv("SOFTHSM2_CONF", configuration.c_str(), 1);
  (void)pin_file("pin", std::string(user_pin));
  const Module module;
  std::string label(token_label);
  label.resize(32, ' ');
  must(module.calls().C_InitToken(module.slot(false), text(office_pin), office_pin.size(), text(label)), "make");
  CK_SESSION_HANDLE session = 0;
  must(module.calls().C_OpenSession(module.slot(true), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session),
       "open");
  must(module.calls().C_Login(session, CKU_SO, text(office_pin), office_pin.size()), "log in");
  must(module.calls().C_InitPIN(session, text(user_pin), user_pin.size()), "set the PIN");
}

void SoftToken::session(const std::function<void(const CK_FUNCTION_LIST&, CK_SESSION_HANDLE)>& work) const {
  const Module module;
  CK_SESSION_HANDLE session = 0;
  must(module.calls().C_OpenSession(module.slot(true), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session),
       "open");
  // Who is logged in in one session is in all of them.
  const CK_RV code = module.calls().C_Login(session, CKU_USER, text(user_pin), user_pin.size());
  if (code != CKR_USER_ALREADY_LOGGED_IN) must(code, "log in");
  work(module.calls(), session);
}

void SoftToken::add_secret(const std::string& label, std::span<const std::byte> key, Uses uses,
                           unsigned char id) const {
  const CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
  CK_ATTRIBUTE object[] = {attribute(CKA_CLASS, kind),
                           attribute(CKA_KEY_TYPE, uses.type),
                           attribute(CKA_TOKEN, yes),
                           attribute(CKA_PRIVATE, yes),
                           attribute(CKA_SENSITIVE, yes),
                           attribute(CKA_ENCRYPT, uses.encrypt),
                           attribute(CKA_WRAP, uses.wrap),
                           attribute(CKA_ID, id),
                           attribute(CKA_LABEL, std::string_view(label)),
                           attribute(CKA_VALUE, text_of(key))};
  session([&](const CK_FUNCTION_LIST& calls, CK_SESSION_HANDLE session) {
    CK_OBJECT_HANDLE made = 0;
    must(calls.C_CreateObject(session, object, std::size(object), &made), "add a key");
  });
}

void SoftToken::add_secret(const std::string& label, std::string_view hex_key) const {
  add_secret(label, from_hex(hex_key).value(), {});
}

void SoftToken::add_rsa(const std::string& label, CK_BBOOL signs) const {
  const CK_ULONG bits = 2048;
  CK_ATTRIBUTE open[] = {attribute(CKA_MODULUS_BITS, bits), attribute(CKA_VERIFY, yes)};
  CK_ATTRIBUTE secret[] = {attribute(CKA_TOKEN, yes), attribute(CKA_PRIVATE, yes), attribute(CKA_SIGN, signs),
                           attribute(CKA_LABEL, std::string_view(label))};
  CK_MECHANISM mechanism{.mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN, .pParameter = nullptr, .ulParameterLen = 0};
  session([&](const CK_FUNCTION_LIST& calls, CK_SESSION_HANDLE session) {
    CK_OBJECT_HANDLE made[2] = {};
    must(calls.C_GenerateKeyPair(session, &mechanism, open, std::size(open), secret, std::size(secret), &made[0],
                                 &made[1]),
         "make an RSA key");
  });
}

void SoftToken::add_ec(const std::string& label) const {
  const std::array<unsigned char, 7> p384{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
  CK_ATTRIBUTE open[] = {attribute(CKA_EC_PARAMS, p384)};
  CK_ATTRIBUTE secret[] = {attribute(CKA_TOKEN, yes), attribute(CKA_PRIVATE, yes), attribute(CKA_SIGN, yes),
                           attribute(CKA_LABEL, std::string_view(label))};
  CK_MECHANISM mechanism{.mechanism = CKM_EC_KEY_PAIR_GEN, .pParameter = nullptr, .ulParameterLen = 0};
  session([&](const CK_FUNCTION_LIST& calls, CK_SESSION_HANDLE session) {
    CK_OBJECT_HANDLE made[2] = {};
    must(calls.C_GenerateKeyPair(session, &mechanism, open, std::size(open), secret, std::size(secret), &made[0],
                                 &made[1]),
         "make an EC key");
  });
}

std::size_t SoftToken::objects() const {
  std::array<CK_OBJECT_HANDLE, 100> found{};
  CK_ULONG count = 0;
  session([&](const CK_FUNCTION_LIST& calls, CK_SESSION_HANDLE session) {
    must(calls.C_FindObjectsInit(session, nullptr, 0), "look for objects");
    must(calls.C_FindObjects(session, found.data(), found.size(), &count), "look for objects");
    must(calls.C_FindObjectsFinal(session), "look for objects");
  });
  return count;
}

std::string SoftToken::pin_file(const char* name, const std::string& pin) const {
  const fs::path path = scratch_ / name;
  std::ofstream(path) << pin << '\n';
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  return path.string();
}

std::string SoftToken::uri(const std::string& label, const std::string& more) const {
  return fmt::format("pkcs11:token={};object={}{}?module-path={}&pin-source=file:{}", token_label, label, more,
                     module_path, (scratch_ / "pin").string());
}

std::string SoftToken::uri_with_pin(const std::string& label, const std::string& pin) const {
  return fmt::format("pkcs11:token={};object={}?module-path={}&pin-source=file:{}", token_label, label, module_path,
                     pin_file("other-pin", pin));
}

}  // namespace lightseed::test
