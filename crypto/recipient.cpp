// SPDX-License-Identifier: Apache-2.0
#include "crypto/recipient.h"

#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/rsa.h>

#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/cms.h"
#include "crypto/cms_shell.h"
#include "crypto/handles.h"
#include "crypto/public_key.h"

namespace lightseed {
namespace {

using openssl::require;

/// OpenSSL takes ownership of what it is given here and frees it itself.
unsigned char* openssl_copy(const void* data, std::size_t size) {
  return static_cast<unsigned char*>(OPENSSL_memdup(data, size));
}

/// One byte encrypted for the recipient, and the shell looked at as a verifier will: whatever OpenSSL cannot do with
/// this certificate shows now, not after the keys were made.
void try_out(const Recipient& recipient) {
  const std::byte one{};
  std::string file;
  envelop({.head = {}, .package = std::span(&one, 1), .tail = {}}, recipient,
          [&](std::span<const std::byte> piece) { file += text_of(piece); });
  const auto faults = faults_of_recipient(recipient.record(), read_envelope_shell(bytes_of(file)));
  if (!faults.empty()) throw Error(Category::internal, "a file for this recipient would be refused: " + faults.front());
}

}  // namespace

Recipient Recipient::read(const std::string& text, std::time_t now) {
  Recipient recipient;
  if (text.starts_with(KeyEncryptionKey::prefix)) {
    recipient.kek_ = KeyEncryptionKey::read(text);
    recipient.kek_->require_drawn_at_random();
  } else {
    const X509Certificate certificate = X509Certificate::read(text);
    certificate.require_valid_at(now);
    PublicKey key = judge_public_key(certificate);
    certificate.require_end_entity_for(key.rsa ? KeyUse::key_transport : KeyUse::key_agreement);
    recipient.certificate_ = certificate;
    recipient.rsa_ = key.rsa;
    recipient.public_key_ = std::move(key.name);
    recipient.notices_ = std::move(key.notices);
  }
  try_out(recipient);
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
  const unsigned named = certificate_->key_identifier() ? CMS_USE_KEYID : 0;
  CMS_RecipientInfo* const info = CMS_add1_recipient_cert(envelope, certificate_->get(), named | CMS_KEY_PARAM);
  require(info != nullptr, fmt::format("encrypt for the certificate {}", certificate_->path()));
  EVP_PKEY_CTX* const context = CMS_RecipientInfo_get0_pkey_ctx(info);
  if (rsa_) {
    require(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_sha256()) == 1,
            "choose RSA-OAEP");
  } else {
    require(EVP_PKEY_CTX_ctrl_str(context, "ecdh_kdf_md", "sha256") == 1, "choose ECDH with SHA-256");
  }
}

RecipientRecord Recipient::record() const {
  RecipientRecord record;
  if (kek_) {
    record.kind = RecipientRecord::Kind::key_encryption_key;
    record.id = kek_->id;
    return record;
  }
  record.kind = rsa_ ? RecipientRecord::Kind::rsa_certificate : RecipientRecord::Kind::ec_certificate;
  record.subject = certificate_->subject();
  record.certificate_sha256 = certificate_->fingerprint();
  record.public_key = public_key_;
  const auto id = certificate_->key_identifier();
  record.identified_by =
      id ? RecipientRecord::Identifier::subject_key_identifier : RecipientRecord::Identifier::issuer_and_serial_number;
  record.identifier = hex(bytes_of(id ? *id : certificate_->issuer_and_serial()));
  return record;
}

void require_different(const Recipient& one, const Recipient& other) {
  const bool same_kek = one.kek_ && other.kek_ && one.kek_->same_as(*other.kek_);
  const bool same_key = one.certificate_ && other.certificate_ && one.certificate_->same_key_as(*other.certificate_);
  if (same_kek || same_key) {
    throw Error(Category::refused,
                fmt::format("both sides have the same {}: whoever holds it could read either file; each side needs its "
                            "own",
                            same_kek ? "key-encryption key, or name theirs alike" : "public key"));
  }
}

}  // namespace lightseed
