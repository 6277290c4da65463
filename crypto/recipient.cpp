#include "crypto/recipient.h"

#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstring>

#include "core/atomic_file.h"
#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

using openssl::require;

constexpr std::string_view kek_prefix = "kek:";
constexpr std::size_t kek_bytes = 32;

/// OpenSSL takes ownership of what it is given here and frees it itself.
unsigned char* openssl_copy(const void* data, std::size_t size) {
  return static_cast<unsigned char*>(OPENSSL_memdup(data, size));
}

unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 16;
}

}  // namespace

KeyEncryptionKey KeyEncryptionKey::read(const std::string& text) {
  const auto colon = text.find(':', kek_prefix.size());
  if (!text.starts_with(kek_prefix) || colon == std::string::npos || colon == kek_prefix.size() ||
      colon + 1 == text.size()) {
    throw Error(Category::usage, fmt::format("'{}' is not kek:ID:FILE", text));
  }
  const std::string path = text.substr(colon + 1);
  require_private_file(path);
  std::string digits = read_text_file(path, 2 * kek_bytes + 2);
  std::size_t length = digits.size();
  while (length > 0 && (digits[length - 1] == '\n' || digits[length - 1] == '\r'))
    --length;
  auto key = std::make_shared<SecretBytes>(kek_bytes);
  bool good = length == 2 * kek_bytes;
  for (std::size_t i = 0; good && i < kek_bytes; ++i) {
    const unsigned high = hex_digit(digits[2 * i]);
    const unsigned low = hex_digit(digits[2 * i + 1]);
    good = high < 16 && low < 16;
    key->data()[i] = static_cast<std::byte>(high << 4 | (low & 15));
  }
  explicit_bzero(digits.data(), digits.size());
  if (!good) {
    throw Error(Category::io, fmt::format("{} is no AES-256 key in 64 hexadecimal digits", path));
  }
  return {text.substr(kek_prefix.size(), colon - kek_prefix.size()), std::move(key)};
}

Recipient Recipient::read(const std::string& text, std::time_t now) {
  Recipient recipient;
  if (text.starts_with(kek_prefix)) {
    recipient.kek_ = KeyEncryptionKey::read(text);
    return recipient;
  }
  recipient.certificate_ = X509Certificate::read(text);
  recipient.certificate_->require_valid_at(now);
  EVP_PKEY* const key = X509_get0_pubkey(recipient.certificate_->get());
  if (key != nullptr && EVP_PKEY_is_a(key, "EC") == 1) {
    recipient.certificate_->require_usage(KU_KEY_AGREEMENT, "receiving keys by key agreement");
  } else if (key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1) {
    if (EVP_PKEY_get_bits(key) < 2048) {
      throw Error(Category::refused, fmt::format("the RSA key of {} has only {} bits; at least 2048 are needed", text,
                                                 EVP_PKEY_get_bits(key)));
    }
    recipient.certificate_->require_usage(KU_KEY_ENCIPHERMENT, "receiving keys by key transport");
    recipient.rsa_ = true;
  } else {
    openssl::reason();
    throw Error(Category::refused, fmt::format("the certificate {} holds neither an EC nor an RSA key", text));
  }
  return recipient;
}

void Recipient::add_to(CMS_ContentInfo* envelope) const {
  if (kek_) {
    unsigned char* const key = openssl_copy(kek_->key->data(), kek_->key->size());
    unsigned char* const id = openssl_copy(kek_->id.data(), kek_->id.size());
    require(CMS_add0_recipient_key(envelope, NID_undef, key, kek_->key->size(), id, kek_->id.size(), nullptr, nullptr,
                                   nullptr) != nullptr,
            "add a key-encryption key");
    return;
  }
  CMS_RecipientInfo* const info = CMS_add1_recipient_cert(envelope, certificate_->get(), CMS_USE_KEYID | CMS_KEY_PARAM);
  require(info != nullptr, "add a recipient (its certificate needs a subject key identifier)");
  EVP_PKEY_CTX* const context = CMS_RecipientInfo_get0_pkey_ctx(info);
  if (rsa_) {
    require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1,
            "choose RSA-OAEP");
  } else {
    require(EVP_PKEY_CTX_ctrl_str(context, "ecdh_kdf_md", "sha256") == 1, "choose ECDH with SHA-256");
  }
}

Json Recipient::describe() const {
  if (kek_) return Json{{"kind", "key-encryption-key"}, {"algorithm", "AES-256 key wrap"}, {"id", kek_->id}};
  return Json{{"kind", rsa_ ? "rsa-certificate" : "ec-certificate"},
              {"algorithm", rsa_ ? "RSA-OAEP with SHA-256" : "ECDH with SHA-256 and AES-256 key wrap"},
              {"subject", certificate_->subject()},
              {"certificate_sha256", certificate_->fingerprint()}};
}

RecipientKey RecipientKey::read(const std::string& text) {
  RecipientKey key;
  if (text.starts_with(kek_prefix)) {
    key.kek_ = KeyEncryptionKey::read(text);
  } else {
    key.key_ = read_private_key(text);
  }
  return key;
}

SecretBytes RecipientKey::open(std::span<const std::byte> der) const {
  const auto* in = static_cast<const unsigned char*>(static_cast<const void*>(der.data()));
  const auto* const end = in + der.size();
  const openssl::Handle<CMS_ContentInfo> envelope(d2i_CMS_ContentInfo(nullptr, &in, static_cast<long>(der.size())));
  if (envelope == nullptr || in != end) {
    throw Error(Category::verdict, fmt::format("the file is no CMS message in DER: {}", openssl::reason()));
  }
  if (OBJ_obj2nid(CMS_get0_type(envelope.get())) != NID_id_smime_ct_authEnvelopedData) {
    throw Error(Category::verdict, "the file is no AuthEnvelopedData: its content would not be authenticated");
  }
  const openssl::Handle<BIO> content(BIO_new(BIO_s_secmem()));
  const bool keyed =
      kek_ ? CMS_decrypt_set1_key(envelope.get(),
                                  const_cast<unsigned char*>(
                                      static_cast<const unsigned char*>(static_cast<const void*>(kek_->key->data()))),
                                  kek_->key->size(), reinterpret_cast<const unsigned char*>(kek_->id.data()),
                                  kek_->id.size()) == 1
           : CMS_decrypt_set1_pkey(envelope.get(), key_.get(), nullptr) == 1;
  // CMS_decrypt writes nothing when the tag of AES-256-GCM does not fit.
  if (!keyed || CMS_decrypt(envelope.get(), nullptr, nullptr, nullptr, content.get(), CMS_BINARY) != 1) {
    throw Error(Category::verdict,
                fmt::format("the key does not open the file, or the file was changed: {}", openssl::reason()));
  }
  char* data = nullptr;
  const long length = BIO_get_mem_data(content.get(), &data);
  SecretBytes result(static_cast<std::size_t>(length));
  std::memcpy(result.data(), data, result.size());
  return result;
}

}  // namespace lightseed
