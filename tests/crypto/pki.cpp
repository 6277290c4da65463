#include "tests/crypto/pki.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace lightseed::test {
namespace {

void require(bool good) {
  if (!good) throw std::runtime_error("OpenSSL cannot make a test certificate");
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

}  // namespace

void make_certificate(const std::filesystem::path& directory, const CertificateWish& wish) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      wish.group.empty() ? EVP_RSA_gen(2048) : EVP_EC_gen(wish.group.c_str()), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  require(key != nullptr && certificate != nullptr);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.from_now);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.until_now);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1,
                             -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_subject_key_identifier, "hash");
  if (!wish.usage.empty()) add_extension(certificate.get(), NID_key_usage, wish.usage.c_str());
  require(X509_sign(certificate.get(), key.get(), EVP_sha384()) > 0);

  const auto write = [&](const char* ending, auto put) {
    const std::string path = (directory / (wish.name + ending)).string();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "w"), std::fclose);
    require(file != nullptr && put(file.get()) == 1 && chmod(path.c_str(), 0600) == 0);
  };
  write(".crt", [&](std::FILE* file) { return PEM_write_X509(file, certificate.get()); });
  write(".key",
        [&](std::FILE* file) { return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace lightseed::test
