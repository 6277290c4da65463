// SPDX-License-Identifier: Apache-2.0
#include "crypto/cms.h"

#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/cms_parts.h"
#include "crypto/handles.h"
#include "crypto/openssl_cms.h"

namespace lightseed {
namespace {

using openssl::require;

openssl::Handle<CMS_ContentInfo> new_message() {
  const openssl::Handle<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  require(cipher != nullptr, "find AES-256-GCM");
  openssl::Handle<CMS_ContentInfo> message(CMS_AuthEnvelopedData_create_ex(cipher.get(), nullptr, nullptr));
  // RFC 5083 2.1: without authenticated attributes, which OpenSSL cannot write, the type must be id-data. What follows
  // is a SignedData all the same; its reader knows.
  require(message != nullptr && CMS_set1_eContentType(message.get(), OBJ_nid2obj(NID_pkcs7_data)) == 1,
          "begin an AuthEnvelopedData");
  return message;
}

}  // namespace

void envelop(const SignedPackage& signed_package, const Recipient& recipient, const Sink& sink) {
  const auto message = new_message();
  recipient.add_to(message.get());
  const openssl::ContentCipher gcm(message.get(), "encrypt the content key");
  // From here on recipients and nonce are fixed, and AES-GCM keeps the length: what stands in front is known.
  const std::size_t length = signed_package.head.size() + signed_package.package.size() + signed_package.tail.size();
  const auto head_of_message = [&](const Der& der) {
    return envelope_head(envelope_parts(bytes_of(der), "OpenSSL's envelope"), length);
  };
  const Der head = head_of_message(openssl::encoded(message.get()));
  sink(bytes_of(head));
  std::vector<unsigned char> ciphertext;
  for (const auto part : {bytes_of(signed_package.head), signed_package.package, bytes_of(signed_package.tail)}) {
    openssl::for_each_piece(part, [&](std::span<const std::byte> piece) {
      ciphertext.resize(piece.size());
      int written = 0;
      require(EVP_EncryptUpdate(gcm.context(), ciphertext.data(), &written, octets(piece.data()),
                                static_cast<int>(piece.size())) == 1 &&
                  static_cast<std::size_t>(written) == piece.size(),
              "encrypt the key package");
      sink(std::as_bytes(std::span(ciphertext)));
    });
  }
  require(BIO_flush(gcm.chain()) == 1 && CMS_dataFinal(message.get(), gcm.chain()) == 1, "finish an envelope");

  // The finished message must still begin as written; its last element is the tag.
  const Der finished = openssl::encoded(message.get());
  if (head_of_message(finished) != head) {
    throw Error(Category::internal, "OpenSSL changed an envelope while it was written");
  }
  const auto tag = envelope_parts(bytes_of(finished), "OpenSSL's envelope").tag;
  sink(bytes_of(der_element(false, V_ASN1_OCTET_STRING, text_of(tag))));
}

}  // namespace lightseed
