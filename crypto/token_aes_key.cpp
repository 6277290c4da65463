// SPDX-License-Identifier: Apache-2.0
#include "crypto/token_aes_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/token_session.h"

namespace lightseed {
namespace {

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

void require_size(const TokenSession& session, std::size_t size, std::size_t wanted) {
  if (size != wanted)
    throw Error(Category::device, fmt::format("{} gave {} bytes, not {}", session.name(), size, wanted));
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
    require_size(session, size, out.size());
  }

  std::span<const std::byte> padded(std::span<const std::byte> in, std::size_t size) {
    if (padded_.size() < size) padded_ = SecretBytes(size);
    const auto text = padded_.bytes().first(size);
    std::ranges::copy(in, text.begin());
    std::ranges::fill(text.subspan(in.size()), static_cast<std::byte>(size - in.size()));
    return text;
  }
};

/// RFC 3394, by the token. It wraps nothing but its own objects: what is to be wrapped becomes one of this session.
class TokenWrap final : public AesCipher {
 public:
  explicit TokenWrap(TokenObject key) : AesCipher(Mode::wrap, key.bytes), key_(std::move(key)) {}

 private:
  TokenObject key_;

  void run(std::span<const std::byte>, std::span<const std::byte> in, std::span<std::byte> out) override {
    CK_OBJECT_CLASS kind = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ATTRIBUTE object[] = {{.type = CKA_CLASS, .pValue = &kind, .ulValueLen = sizeof kind},
                             {.type = CKA_KEY_TYPE, .pValue = &type, .ulValueLen = sizeof type},
                             {.type = CKA_TOKEN, .pValue = &no, .ulValueLen = sizeof no},
                             {.type = CKA_PRIVATE, .pValue = &yes, .ulValueLen = sizeof yes},
                             {.type = CKA_SENSITIVE, .pValue = &yes, .ulValueLen = sizeof yes},
                             {.type = CKA_EXTRACTABLE, .pValue = &yes, .ulValueLen = sizeof yes},
                             {.type = CKA_VALUE, .pValue = unwritten(in), .ulValueLen = in.size()}};
    CK_MECHANISM mechanism{.mechanism = CKM_AES_KEY_WRAP, .pParameter = nullptr, .ulParameterLen = 0};
    CK_OBJECT_HANDLE wrapped = 0;
    CK_ULONG size = out.size();
    const TokenSession& session = *key_.session;
    const std::scoped_lock lock(session.turn());
    session.require(session.calls().C_CreateObject(session.handle(), object, std::size(object), &wrapped),
                    "takes nothing to wrap");
    const CK_RV code =
        session.calls().C_WrapKey(session.handle(), &mechanism, key_.object, wrapped, octets(out.data()), &size);
    const CK_RV destroyed = session.calls().C_DestroyObject(session.handle(), wrapped);
    session.require(code, "does not wrap");
    session.require(destroyed, "keeps what it wrapped");
    require_size(session, size, out.size());
  }
};

/// RFC 5649, of blocks that the token encrypts: a single one for up to 8 bytes, else six a half block (RFC
/// 3394, 2.2.1). The token's own mechanism is not asked: by CKM_AES_KEY_WRAP_PAD some mean other things, and
/// SoftHSM2 2.6 fills a text up with zeros first and writes a wrong length.
class TokenPaddedWrap final : public AesCipher {
 public:
  explicit TokenPaddedWrap(TokenObject key)
      : AesCipher(Mode::wrap_padded, key.bytes), blocks_(std::move(key), Mode::ecb) {}

 private:
  static constexpr std::size_t half = block_bytes / 2;

  TokenEncryption blocks_;
  SecretBytes text_;                ///< A of RFC 3394, then R[1] to R[n]
  SecretBytes block_{block_bytes};  ///< A and one of them

  void run(std::span<const std::byte>, std::span<const std::byte> in, std::span<std::byte> out) override {
    if (text_.size() < out.size()) text_ = SecretBytes(out.size());
    const auto text = text_.bytes().first(out.size());
    const auto a = text.first(half);
    constexpr std::uint64_t beginning = 0xA65959A6;
    write(beginning << 32 | in.size(), a);
    std::ranges::copy(in, text.begin() + half);
    std::ranges::fill(text.subspan(half + in.size()), std::byte{0});
    if (out.size() == block_bytes) return blocks_.encrypt({}, text, out);
    const std::size_t halves = out.size() / half - 1;
    std::array<std::byte, block_bytes> made{};
    for (std::uint64_t step = 1; step <= 6 * halves; ++step) {
      const auto r = text.subspan(half * ((step - 1) % halves + 1), half);
      std::ranges::copy(a, block_.data());
      std::ranges::copy(r, block_.data() + half);
      blocks_.encrypt({}, block_.bytes(), made);
      write(step, a);
      for (std::size_t i = 0; i < half; ++i)
        a[i] ^= made[i];
      std::ranges::copy(std::span(made).last(half), r.begin());
    }
    std::ranges::copy(text, out.begin());
  }

  /// Big-endian.
  static void write(std::uint64_t number, std::span<std::byte> to) {
    for (std::size_t i = 0; i < half; ++i)
      to[i] = static_cast<std::byte>(number >> (8 * (half - 1 - i)));
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
      case AesCipher::Mode::wrap:
        if (!session_->allows(object_, CKA_WRAP)) refuse("may not wrap (CKA_WRAP)");
        if (!session_->offers(CKM_AES_KEY_WRAP, CKF_WRAP)) refuse("cannot wrap: the token has no CKM_AES_KEY_WRAP");
        return std::make_unique<TokenWrap>(key);
      case AesCipher::Mode::wrap_padded:
        require_encryption(CKM_AES_ECB, "CKM_AES_ECB");
        return std::make_unique<TokenPaddedWrap>(key);
    }
    return std::make_unique<TokenEncryption>(key, mode);
  }

  [[nodiscard]] KeyCheck check() const override {
    if (session_->allows(object_, CKA_ENCRYPT)) {
      if (session_->offers(CKM_AES_ECB, CKF_ENCRYPT)) return global_platform_check(*cipher(AesCipher::Mode::ecb));
      constexpr std::array<std::byte, AesCipher::block_bytes> zeros{};
      if (session_->offers(CKM_AES_CBC, CKF_ENCRYPT))
        return global_platform_check(*cipher(AesCipher::Mode::cbc), zeros);
    }
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
};

}  // namespace

std::unique_ptr<const AesKey> open_token_aes_key(const std::string& uri) {
  return std::make_unique<TokenAesKey>(uri);
}

}  // namespace lightseed
