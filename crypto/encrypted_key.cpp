// SPDX-License-Identifier: Apache-2.0
#include "crypto/encrypted_key.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

void require_somebody_to_ask(const std::string& file, const AskPassphrase& ask) {
  if (ask) return;
  throw Error(Category::device,
              fmt::format("{} is encrypted with a passphrase, and none was given; name a file that has "
                          "it, or call from a terminal",
                          file));
}

[[noreturn]] void fail_to_open(const std::string& file) {
  const std::string reason = openssl::reason();
  if (reason.find("unsupported") != std::string::npos || reason.find("unknown") != std::string::npos) {
    throw Error(
        Category::crypto,
        fmt::format("{} is encrypted in a way of twenty years ago (RC2, single DES), which is no longer opened; "
                    "write it anew, with openssl pkcs12 -legacy or openssl pkcs8 -topk8",
                    file));
  }
  throw Error(Category::device, fmt::format("the passphrase does not open {}", file));
}

std::string der_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int length = i2d_X509(certificate, &der);
  openssl::require(length > 0, "encode a certificate");
  const openssl::Handle<unsigned char> owner(der);
  return std::string(text_of(std::as_bytes(std::span(der, static_cast<std::size_t>(length)))));
}

}  // namespace

SecretBytes decrypted_pkcs8(std::span<const std::byte> der, const std::string& file, const AskPassphrase& ask) {
  require_somebody_to_ask(file, ask);
  const unsigned char* in = octets(der.data());
  const std::shared_ptr<X509_SIG> sealed(d2i_X509_SIG(nullptr, &in, static_cast<long>(der.size())), X509_SIG_free);
  if (sealed == nullptr) {
    openssl::reason();
    throw Error(Category::malformed, fmt::format("{} holds an encrypted private key that is damaged", file));
  }
  const X509_ALGOR* algorithm = nullptr;
  const ASN1_OCTET_STRING* content = nullptr;
  X509_SIG_get0(sealed.get(), &algorithm, &content);
  const SecretBytes passphrase = ask(file);
  const openssl::Handle<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  const auto length = static_cast<std::size_t>(ASN1_STRING_length(content));
  SecretBytes key(length + EVP_MAX_BLOCK_LENGTH);
  int most = 0;
  int rest = 0;
  // PKCS8_decrypt() would leave the key in ordinary memory.
  if (context == nullptr ||
      EVP_PBE_CipherInit(algorithm->algorithm, text_of(passphrase.bytes()).data(), static_cast<int>(passphrase.size()),
                         algorithm->parameter, context.get(), 0) != 1 ||
      EVP_CipherUpdate(context.get(), octets(key.data()), &most, ASN1_STRING_get0_data(content),
                       static_cast<int>(length)) != 1 ||
      EVP_CipherFinal_ex(context.get(), octets(key.data() + most), &rest) != 1) {
    fail_to_open(file);
  }
  SecretBytes exact(static_cast<std::size_t>(most) + static_cast<std::size_t>(rest));
  std::copy_n(key.bytes().begin(), exact.size(), exact.bytes().begin());
  return exact;
}

Pkcs12Content open_pkcs12(std::span<const std::byte> der, const std::string& file, const AskPassphrase& ask) {
  const unsigned char* in = octets(der.data());
  const std::shared_ptr<PKCS12> store(d2i_PKCS12(nullptr, &in, static_cast<long>(der.size())), PKCS12_free);
  if (store == nullptr) {
    openssl::reason();
    throw Error(Category::malformed, fmt::format("{} is a PKCS#12 file that is damaged", file));
  }
  require_somebody_to_ask(file, ask);
  const SecretBytes passphrase = ask(file);
  SecretBytes text(passphrase.size() + 1);  // with the zero that ends a text of C
  std::copy(passphrase.bytes().begin(), passphrase.bytes().end(), text.bytes().begin());
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  const bool opened = PKCS12_parse(store.get(), text_of(text.bytes()).data(), &key, &certificate, &others) == 1;
  Pkcs12Content content{.key = {key, EVP_PKEY_free}, .certificates = {}};
  const openssl::Handle<X509> first(certificate);
  const std::shared_ptr<STACK_OF(X509)> rest(others, [](STACK_OF(X509) * all) { sk_X509_pop_free(all, X509_free); });
  if (!opened) fail_to_open(file);
  if (first != nullptr) content.certificates.push_back(der_of(first.get()));
  for (int i = 0; i < sk_X509_num(others); ++i)
    content.certificates.push_back(der_of(sk_X509_value(others, i)));
  openssl::reason();
  return content;
}

}  // namespace lightseed
