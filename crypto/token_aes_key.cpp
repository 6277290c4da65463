// SPDX-License-Identifier: Apache-2.0
#include "crypto/token_aes_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/token_session.h"

namespace lightseed {
namespace {

/// RFC 5649 of PKCS #11 3.0, which Debian's header does not name yet. Before it there was CKM_AES_KEY_WRAP_PAD, by
/// which some tokens mean RFC 5649 and others RFC 3394 behind a padding of their own.
constexpr CK_MECHANISM_TYPE key_wrap_rfc5649 = 0x210B;

/// A key of a token, and the session that it is used through.
struct TokenObject {
  std::shared_ptr<const TokenSession> session;
  CK_OBJECT_HANDLE object;
  std::size_t bytes;
};

/// C interfaces take what they only read as if they wrote it.
unsigned char* unwritten(std::span<const std::byte> bytes) noexcept {
  return const_cast<unsigned char*>(octets(bytes.data()));
}

class TokenEncryption final : public AesCipher {
 public:
  TokenEncryption(TokenObject key, Mode mode) : AesCipher(mode, key.bytes), key_(std::move(key)) {}

 private:
  TokenObject key_;
  SecretBytes padded_;

  void run(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out) override {
    const bool ecb = mode() == Mode::ecb;
    // Padded here: not every token that has CBC pads, and it is the same.
    const auto text = mode() == Mode::cbc_padded ? padded(in, out.size()) : in;
    CK_MECHANISM mechanism{.mechanism = ecb ? CKM_AES_ECB : CKM_AES_CBC,
                           .pParameter = ecb ? nullptr : unwritten(iv),
                           .ulParameterLen = ecb ? 0 : iv.size()};
    CK_ULONG size = out.size();
    const TokenSession& session = *key_.session;
    const std::scoped_lock lock(session.turn());
    session.require(session.calls().C_EncryptInit(session.handle(), &mechanism, key_.object), "does not encrypt");
    session.require(
        session.calls().C_Encrypt(session.handle(), unwritten(text), text.size(), octets(out.data()), &size),
        "does not encrypt");
    if (size != out.size()) {
      throw Error(Category::device, fmt::format("{} gave {} bytes and not {}", session.name(), size, out.size()));
    }
  }

  std::span<const std::byte> padded(std::span<const std::byte> in, std::size_t size) {
    if (padded_.size() < size) padded_ = SecretBytes(size);
    const auto text = padded_.bytes().first(size);
    std::ranges::copy(in, text.begin());
    std::ranges::fill(text.subspan(in.size()), static_cast<std::byte>(size - in.size()));
    return text;
  }
};

class TokenWrap final : public AesCipher {
 public:
  TokenWrap(TokenObject key, Mode mode, CK_MECHANISM_TYPE mechanism)
      : AesCipher(mode, key.bytes), key_(std::move(key)), mechanism_(mechanism) {}

 private:
  TokenObject key_;
  CK_MECHANISM_TYPE mechanism_;

  void run(std::span<const std::byte>, std::span<const std::byte> in, std::span<std::byte> out) override {
    CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ATTRIBUTE object[] = {{.type = CKA_CLASS, .pValue = &kind, .ulValueLen = sizeof kind},
                             {.type = CKA_KEY_TYPE, .pValue = &type, .ulValueLen = sizeof type},
                             {.type = CKA_TOKEN, .pValue = &no, .ulValueLen = sizeof no},
                             {.type = CKA_SENSITIVE, .pValue = &yes, .ulValueLen = sizeof yes},
                             {.type = CKA_EXTRACTABLE, .pValue = &yes, .ulValueLen = sizeof yes},
                             {.type = CKA_VALUE, .pValue = unwritten(in), .ulValueLen = in.size()}};
    CK_MECHANISM mechanism{.mechanism = mechanism_, .pParameter = nullptr, .ulParameterLen = 0};
    CK_OBJECT_HANDLE wrapped = 0;
    CK_ULONG size = out.size();
    const TokenSession& session = *key_.session;
    const std::scoped_lock lock(session.turn());
    session.require(session.calls().C_CreateObject(session.handle(), object, std::size(object), &wrapped),
                    "takes nothing to wrap");
    const CK_RV code =
        session.calls().C_WrapKey(session.handle(), &mechanism, key_.object, wrapped, octets(out.data()), &size);
    session.require(session.calls().C_DestroyObject(session.handle(), wrapped), "keeps what it wrapped");
    if (code == CKR_BUFFER_TOO_SMALL || (code == CKR_OK && size != out.size())) {
      throw Error(Category::refused,
                  fmt::format("{} wraps in a way of its own, not by RFC 3394 and RFC 5649", session.name()));
    }
    session.require(code, "does not wrap");
  }
};

class TokenAesKey final : public AesKey {
 public:
  explicit TokenAesKey(const std::string& uri) : session_(std::make_shared<TokenSession>(uri)) {
    object_ = session_->find(CKO_SECRET_KEY, "secret key");
    if (session_->number(object_, CKA_KEY_TYPE) != CK_ULONG{CKK_AES}) refuse("is no AES key");
    bytes_ = session_->number(object_, CKA_VALUE_LEN).value_or(0);
    if (bytes_ != 16 && bytes_ != 24 && bytes_ != 32) refuse("has not 16, 24 or 32 bytes, or does not tell");
  }

  [[nodiscard]] std::size_t bytes() const noexcept override { return bytes_; }

  [[nodiscard]] std::unique_ptr<AesCipher> cipher(AesCipher::Mode mode) const override {
    const TokenObject key{session_, object_, bytes_};
    switch (mode) {
      case AesCipher::Mode::ecb: require_encryption(CKM_AES_ECB, "CKM_AES_ECB"); break;
      case AesCipher::Mode::cbc:
      case AesCipher::Mode::cbc_padded: require_encryption(CKM_AES_CBC, "CKM_AES_CBC"); break;
      case AesCipher::Mode::wrap: return wrap(key);
      case AesCipher::Mode::wrap_padded: return padded_wrap(key);
    }
    return std::make_unique<TokenEncryption>(key, mode);
  }

  [[nodiscard]] KeyCheck check() const override {
    if (session_->allows(object_, CKA_ENCRYPT)) return global_platform_check(*cipher(AesCipher::Mode::ecb));
    const auto told = session_->attribute(object_, CKA_CHECK_VALUE);
    if (!told || told->size() != 3) refuse("may not encrypt (CKA_ENCRYPT), and has no check value (CKA_CHECK_VALUE)");
    return {hex(std::as_bytes(std::span(*told))), "PKCS#11 CKA_CHECK_VALUE"};
  }

 private:
  std::shared_ptr<const TokenSession> session_;
  CK_OBJECT_HANDLE object_ = 0;
  std::size_t bytes_ = 0;

  [[noreturn]] void refuse(std::string_view why) const {
    throw Error(Category::refused, fmt::format("the key in {} {}", session_->name(), why));
  }

  void require_encryption(CK_MECHANISM_TYPE mechanism, std::string_view name) const {
    if (!session_->allows(object_, CKA_ENCRYPT)) refuse("may not encrypt (CKA_ENCRYPT)");
    if (!session_->offers(mechanism, CKF_ENCRYPT)) refuse(fmt::format("cannot encrypt: the token has no {}", name));
  }

  void require_wrap() const {
    if (!session_->allows(object_, CKA_WRAP)) refuse("may not wrap (CKA_WRAP)");
  }

  [[nodiscard]] std::unique_ptr<AesCipher> wrap(const TokenObject& key) const {
    require_wrap();
    if (!session_->offers(CKM_AES_KEY_WRAP, CKF_WRAP)) refuse("cannot wrap: the token has no CKM_AES_KEY_WRAP");
    return std::make_unique<TokenWrap>(key, AesCipher::Mode::wrap, CKM_AES_KEY_WRAP);
  }

  [[nodiscard]] std::unique_ptr<AesCipher> padded_wrap(const TokenObject& key) const {
    require_wrap();
    const bool named = session_->offers(key_wrap_rfc5649, CKF_WRAP);
    if (!named && !session_->offers(CKM_AES_KEY_WRAP_PAD, CKF_WRAP)) {
      refuse("cannot wrap what is no whole key: the token has neither CKM_AES_KEY_WRAP_KWP nor CKM_AES_KEY_WRAP_PAD");
    }
    auto cipher = std::make_unique<TokenWrap>(key, AesCipher::Mode::wrap_padded,
                                              named ? key_wrap_rfc5649 : CK_MECHANISM_TYPE{CKM_AES_KEY_WRAP_PAD});
    // Eight bytes become sixteen by RFC 5649, and more under any padding that always adds something.
    constexpr std::array<std::byte, 8> trial{};
    std::array<std::byte, 16> out{};
    cipher->encrypt({}, trial, out);
    return cipher;
  }
};

}  // namespace

std::unique_ptr<const AesKey> open_token_aes_key(const std::string& uri) {
  return std::make_unique<TokenAesKey>(uri);
}

}  // namespace lightseed
