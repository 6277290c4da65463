// SPDX-License-Identifier: Apache-2.0
#include "crypto/key_encryption_key.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/private_file.h"

namespace lightseed {
namespace {

constexpr std::size_t kek_bytes = 32;
constexpr std::size_t short_key_bytes = 16;
constexpr std::size_t longest_id = 64;

}  // namespace

bool follows_a_pattern(std::span<const std::byte> key) noexcept {
  for (std::size_t period = 1; period <= key.size() / 2; ++period) {
    if (std::equal(key.begin() + static_cast<std::ptrdiff_t>(period), key.end(), key.begin())) return true;
  }
  const auto step = [&](std::size_t i) {
    return static_cast<unsigned char>(std::to_integer<unsigned>(key[i]) - std::to_integer<unsigned>(key[i - 1]));
  };
  for (std::size_t i = 2; i < key.size(); ++i) {
    if (step(i) != step(1)) return false;
  }
  return true;
}

KeyEncryptionKey KeyEncryptionKey::read(const std::string& text) {
  const auto colon = text.find(':', prefix.size());
  if (!text.starts_with(prefix) || colon == std::string::npos || colon == prefix.size() || colon + 1 == text.size()) {
    throw Error(Category::usage, fmt::format("'{}' is not kek:ID:FILE", text));
  }
  const std::string id = text.substr(prefix.size(), colon - prefix.size());
  if (id.size() > longest_id || !std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7F'; })) {
    throw Error(Category::usage, fmt::format("the id of a key-encryption key is 1 to {} printable ASCII characters "
                                             "without spaces",
                                             longest_id));
  }
  const std::string path = text.substr(colon + 1);
  const SecretBytes content = read_private_file(path, 4096);
  std::string_view digits = text_of(content.bytes());
  while (digits.ends_with('\n') || digits.ends_with('\r'))
    digits.remove_suffix(1);
  if (digits.size() == 2 * short_key_bytes) {
    throw Error(
        Category::refused,
        fmt::format("{} holds a key of 16 bytes, as SM4 and AES-128 have them: content keys are wrapped with "
                    "AES-256 alone, for the CMS of libcrypto has no key wrap with SM4; make a key with: openssl "
                    "rand -hex 32",
                    path));
  }
  auto key = std::make_shared<SecretBytes>(kek_bytes);
  if (!from_hex(digits, key->bytes())) {
    throw Error(Category::malformed, fmt::format("{} is no AES-256 key in 64 hexadecimal digits", path));
  }
  return {id, std::move(key)};
}

void KeyEncryptionKey::require_drawn_at_random() const {
  if (!follows_a_pattern(key->bytes())) return;
  throw Error(Category::refused, fmt::format("the key-encryption key {} follows a pattern, so it was not drawn at "
                                             "random; make one with: openssl rand -hex 32",
                                             id));
}

bool KeyEncryptionKey::same_as(const KeyEncryptionKey& other) const noexcept {
  return id == other.id ||
         (key->size() == other.key->size() && CRYPTO_memcmp(key->data(), other.key->data(), key->size()) == 0);
}

}  // namespace lightseed
