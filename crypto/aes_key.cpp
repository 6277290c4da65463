// SPDX-License-Identifier: Apache-2.0
#include "crypto/aes_key.h"

#include <array>
#include <utility>

#include "core/hex.h"
#include "crypto/aes.h"

namespace lightseed {
namespace {

class HeldAesKey final : public AesKey {
 public:
  explicit HeldAesKey(SecretBytes key) : key_(std::move(key)) {}

  [[nodiscard]] std::size_t bytes() const noexcept override { return key_.size(); }
  [[nodiscard]] std::unique_ptr<AesCipher> cipher(AesCipher::Mode mode) const override {
    return std::make_unique<Aes>(mode, key_.bytes());
  }
  [[nodiscard]] KeyCheck check() const override {
    Aes ecb(Aes::Mode::ecb, key_.bytes());
    return global_platform_check(ecb);
  }

 private:
  SecretBytes key_;
};

}  // namespace

std::unique_ptr<const AesKey> aes_key_of(SecretBytes key) {
  return std::make_unique<HeldAesKey>(std::move(key));
}

KeyCheck global_platform_check(AesCipher& cipher, std::span<const std::byte> iv) {
  std::array<std::byte, AesCipher::block_bytes> ones{}, out{};
  ones.fill(std::byte{1});
  cipher.encrypt(iv, ones, out);
  return {hex(std::span(out).first(3)), "GlobalPlatform AES"};
}

}  // namespace lightseed
