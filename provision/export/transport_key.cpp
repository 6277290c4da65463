// SPDX-License-Identifier: Apache-2.0
#include "provision/export/transport_key.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "crypto/handles.h"
#include "crypto/key_encryption_key.h"
#include "crypto/private_file.h"
#include "crypto/private_key.h"
#include "crypto/token_aes_key.h"
#include "crypto/token_rsa_key.h"
#include "provision/order/subscriber.h"

namespace lightseed {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t largest_key_text = 4096;
constexpr std::size_t largest_pem = 64 * 1024;
constexpr int least_rsa_bits = 2048;

bool is_short_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_name && is_name(text);
}

}  // namespace

TransportKeySpec TransportKeySpec::read(const std::string& text) {
  const auto first = text.find(':');
  const auto second = first == std::string::npos ? first : text.find(':', first + 1);
  if (second == std::string::npos || second + 1 == text.size()) {
    // Not shown: somebody may have written a PIN into it.
    throw Error(Category::usage, "a transport key is not USE:NAME:FILE or USE:NAME:pkcs11:…");
  }
  TransportKeySpec spec{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
  if (!is_short_name(spec.use) || !is_short_name(spec.name)) {
    throw Error(Category::usage, fmt::format("use and name of the transport key '{}:{}' are not 1 to {} letters, "
                                             "digits, dots, dashes and underscores",
                                             spec.use, spec.name, longest_name));
  }
  if (spec.name == "pkcs11")
    throw Error(Category::usage, fmt::format("the NAME is missing in the transport key '{}:pkcs11:…'", spec.use));
  return spec;
}

SecretBytes read_hex_key(const std::filesystem::path& file, std::span<const std::size_t> lengths) {
  const SecretBytes content = read_private_file(file, largest_key_text);
  std::string_view digits = text_of(content.bytes());
  while (digits.ends_with('\n') || digits.ends_with('\r'))
    digits.remove_suffix(1);
  SecretBytes key(digits.size() / 2);
  if (std::find(lengths.begin(), lengths.end(), key.size()) == lengths.end() || !from_hex(digits, key.bytes())) {
    std::string known;
    for (const std::size_t length : lengths)
      known += fmt::format("{}{}", known.empty() ? "" : " or ", 2 * length);
    throw Error(Category::malformed, fmt::format("{} is no key of {} hexadecimal digits", file.string(), known));
  }
  if (follows_a_pattern(key.bytes())) {
    throw Error(Category::refused, fmt::format("the key in {} follows a pattern, so it was not drawn at random; make "
                                               "one with: openssl rand -hex {}",
                                               file.string(), key.size()));
  }
  return key;
}

std::vector<std::byte> public_key_digest(EVP_PKEY* key) {
  unsigned char* made = nullptr;
  const int length = i2d_PUBKEY(key, &made);
  const openssl::Handle<unsigned char> der(made);
  openssl::require(length > 0, "write a public key");
  const Sha256Digest digest = sha256(std::as_bytes(std::span(der.get(), static_cast<std::size_t>(length))));
  return {digest.begin(), digest.end()};
}

TransportKeys::TransportKeys(std::vector<TransportKeySpec> specs) : specs_(std::move(specs)) {
  for (auto it = specs_.begin(); it != specs_.end(); ++it) {
    if (find(it->use) != &*it) throw Error(Category::usage, fmt::format("two transport keys are for {}", it->use));
  }
}

const TransportKeySpec* TransportKeys::find(std::string_view use) const noexcept {
  const auto it = std::find_if(specs_.begin(), specs_.end(), [&](const TransportKeySpec& s) { return s.use == use; });
  return it == specs_.end() ? nullptr : &*it;
}

const TransportKeySpec& TransportKeys::require(std::string_view use) const {
  const TransportKeySpec* const spec = find(use);
  if (spec == nullptr) throw Error(Category::usage, fmt::format("the format needs a transport key for {}", use));
  return *spec;
}

bool TransportKeys::has(std::string_view use) const noexcept {
  return find(use) != nullptr;
}

const std::string& TransportKeys::name(std::string_view use) const {
  return require(use).name;
}

const AesKey& TransportKeys::aes(std::string_view use, std::span<const std::size_t> lengths) {
  const TransportKeySpec& spec = require(use);
  if (const auto known = aes_.find(use); known != aes_.end()) return *known->second;
  auto key = spec.in_token() ? open_token_aes_key(spec.place) : aes_key_of(read_hex_key(spec.place, lengths));
  if (std::ranges::find(lengths, key->bytes()) == lengths.end()) {
    throw Error(
        Category::refused,
        fmt::format("the transport key for {} has {} bytes, a length that is not used for it", use, key->bytes()));
  }
  const KeyCheck check = key->check();
  used_.push_back({spec.use, spec.name, check.value, check.method});
  return *aes_.emplace(spec.use, std::move(key)).first->second;
}

void TransportKeys::note_rsa(const TransportKeySpec& spec, EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || EVP_PKEY_get_bits(key) < least_rsa_bits) {
    throw Error(Category::refused, fmt::format("the transport key for {}, {}, is not of RSA with {} bits or more",
                                               spec.use, spec.place, least_rsa_bits));
  }
  used_.push_back({spec.use, spec.name, hex(public_key_digest(key)), "SHA-256 of SubjectPublicKeyInfo"});
}

std::shared_ptr<const RsaSigner> TransportKeys::rsa_private(std::string_view use) {
  const TransportKeySpec& spec = require(use);
  if (spec.in_token()) {
    std::shared_ptr<const RsaSigner> signer = open_token_rsa_key(spec.place);
    note_rsa(spec, signer->public_key());
    return signer;
  }
  std::shared_ptr<EVP_PKEY> key = read_private_key(spec.place);
  note_rsa(spec, key.get());
  return rsa_signer_of(std::move(key));
}

std::shared_ptr<EVP_PKEY> TransportKeys::rsa_public(std::string_view use) {
  const TransportKeySpec& spec = require(use);
  if (spec.in_token()) {
    throw Error(Category::usage, fmt::format("the transport key for {} is somebody else's public key, and is read from "
                                             "a file",
                                             use));
  }
  const std::string text = read_text_file(spec.place, largest_pem);
  const openssl::Handle<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  openssl::require(bio != nullptr, "read a public key");
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  (void)openssl::reason();
  if (key == nullptr) {
    throw Error(Category::malformed, fmt::format("{} holds no public key in PEM (PUBLIC KEY)", spec.place));
  }
  note_rsa(spec, key.get());
  return key;
}

void TransportKeys::require_all_taken(std::string_view format) const {
  for (const TransportKeySpec& spec : specs_) {
    if (std::any_of(used_.begin(), used_.end(), [&](const UsedTransportKey& u) { return u.use == spec.use; })) continue;
    throw Error(Category::usage,
                fmt::format("the format {} with this profile has no use for a transport key for {}", format, spec.use));
  }
}

}  // namespace lightseed
