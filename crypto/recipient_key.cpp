// SPDX-License-Identifier: Apache-2.0
#include "crypto/recipient_key.h"

#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/evp.h>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/cms_parts.h"
#include "crypto/cms_shell.h"
#include "crypto/handles.h"
#include "crypto/openssl_cms.h"
#include "crypto/private_key.h"

namespace lightseed {
namespace {

[[noreturn]] void fails_to_open() {
  openssl::reason();
  throw Error(Category::verdict,
              "the key does not open the file: the file is for somebody else, or a byte of it was changed");
}

/// Decrypts `ciphertext` and checks the tag; what was decrypted is wiped when it does not fit.
SecretBytes decrypted(EVP_CIPHER_CTX* gcm, std::span<const std::byte> ciphertext) {
  SecretBytes content(ciphertext.size());
  std::size_t done = 0;
  openssl::for_each_piece(ciphertext, [&](std::span<const std::byte> piece) {
    int written = 0;
    const bool good = EVP_DecryptUpdate(gcm, octets(content.data() + done), &written, octets(piece.data()),
                                        static_cast<int>(piece.size())) == 1;
    openssl::require(good && static_cast<std::size_t>(written) == piece.size(), "decrypt the content of a file");
    done += piece.size();
  });
  unsigned char nothing[EVP_MAX_BLOCK_LENGTH];
  int written = 0;
  if (EVP_DecryptFinal_ex(gcm, nothing, &written) != 1) fails_to_open();
  return content;
}

}  // namespace

RecipientKey RecipientKey::read(const std::string& text, const AskPassphrase& ask) {
  RecipientKey key;
  if (text.starts_with(KeyEncryptionKey::prefix)) {
    key.kek_ = KeyEncryptionKey::read(text);
  } else {
    key.key_ = read_private_key(text, ask);
  }
  return key;
}

SecretBytes RecipientKey::open(std::span<const std::byte> der) const {
  (void)read_envelope_shell(der);
  const EnvelopeParts parts = envelope_parts(der, "the key file");
  const Der shell = envelope_without_content(parts);
  const unsigned char* in = octets(shell.data());
  const openssl::Handle<CMS_ContentInfo> message(d2i_CMS_ContentInfo(nullptr, &in, static_cast<long>(shell.size())));
  if (message == nullptr) fails_to_open();
  const bool keyed = kek_ ? CMS_decrypt_set1_key(message.get(), const_cast<unsigned char*>(octets(kek_->key->data())),
                                                 kek_->key->size(), octets(kek_->id.data()), kek_->id.size()) == 1
                          : CMS_decrypt_set1_pkey(message.get(), key_.get(), nullptr) == 1;
  if (!keyed) fails_to_open();
  const openssl::ContentCipher gcm(message.get(), "decrypt a file");
  return decrypted(gcm.context(), parts.ciphertext);
}

}  // namespace lightseed
