// SPDX-License-Identifier: Apache-2.0
#include "crypto/aes_cipher.h"

#include <fmt/format.h>

#include <limits>
#include <string_view>

#include "core/error.h"

namespace lightseed {
namespace {

constexpr bool has_iv(AesCipher::Mode mode) noexcept {
  return mode == AesCipher::Mode::cbc || mode == AesCipher::Mode::cbc_padded;
}

constexpr bool takes(AesCipher::Mode mode, std::size_t bytes) noexcept {
  switch (mode) {
    case AesCipher::Mode::ecb:
    case AesCipher::Mode::cbc: return bytes > 0 && bytes % AesCipher::block_bytes == 0;
    case AesCipher::Mode::cbc_padded: return true;
    case AesCipher::Mode::wrap: return bytes >= 16 && bytes % 8 == 0;
    case AesCipher::Mode::wrap_padded: return bytes > 0;
  }
  return false;
}

}  // namespace

AesCipher::AesCipher(Mode mode, std::size_t key_bytes) : mode_(mode), key_bytes_(key_bytes) {
  if (key_bytes != 16 && key_bytes != 24 && key_bytes != 32) {
    throw Error(Category::internal, fmt::format("AES has no key of {} bytes", key_bytes));
  }
}

std::string AesCipher::name() const {
  const std::string_view ending = [&] {
    switch (mode_) {
      case Mode::ecb: return "ECB";
      case Mode::cbc:
      case Mode::cbc_padded: return "CBC";
      case Mode::wrap: return "WRAP";
      case Mode::wrap_padded: return "WRAP-PAD";
    }
    return "";
  }();
  return fmt::format("AES-{}-{}", 8 * key_bytes_, ending);
}

std::size_t AesCipher::encrypted_size(std::size_t bytes) const {
  if (!takes(mode_, bytes) || bytes > std::size_t{std::numeric_limits<int>::max()} / 2) {
    throw Error(Category::internal, fmt::format("{} takes no text of {} bytes", name(), bytes));
  }
  switch (mode_) {
    case Mode::ecb:
    case Mode::cbc: return bytes;
    case Mode::cbc_padded: return (bytes / block_bytes + 1) * block_bytes;
    case Mode::wrap: return bytes + 8;
    case Mode::wrap_padded: return (bytes + 7) / 8 * 8 + 8;
  }
  return 0;
}

void AesCipher::encrypt(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out) {
  if (iv.size() != (has_iv(mode_) ? block_bytes : 0) || out.size() != encrypted_size(in.size())) {
    throw Error(Category::internal, "AES was given an IV or room of a wrong length");
  }
  run(iv, in, out);
}

}  // namespace lightseed
