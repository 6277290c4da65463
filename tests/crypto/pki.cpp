// SPDX-License-Identifier: Apache-2.0
#include "tests/crypto/pki.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "crypto/sm2.h"

namespace lightseed::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

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

template <typename Read>
auto read_pem(const std::filesystem::path& path, Read read) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
  require(file != nullptr);
  auto* const result = read(file.get(), nullptr, nullptr, nullptr);
  require(result != nullptr);
  return result;
}

/// A public key with this exponent and the modulus of `key`.
Key with_exponent(EVP_PKEY* key, unsigned long exponent) {
  BIGNUM* modulus = nullptr;
  require(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1);
  const Number n(modulus, BN_free), e(BN_new(), BN_free);
  BN_set_word(e.get(), exponent);
  OSSL_PARAM_BLD* const build = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e.get());
  OSSL_PARAM* const parameters = OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* result = nullptr;
  const bool made =
      EVP_PKEY_fromdata_init(context) == 1 && EVP_PKEY_fromdata(context, &result, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(build);
  require(made);
  return {result, EVP_PKEY_free};
}

Key new_key(const std::filesystem::path& directory, const CertificateWish& wish) {
  if (!wish.same_key_as.empty()) {
    return {read_pem(directory / (wish.same_key_as + ".key"), PEM_read_PrivateKey), EVP_PKEY_free};
  }
  if (wish.group.empty()) {
    return {EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(wish.rsa_bits)), EVP_PKEY_free};
  }
  const bool curve_of_ec = wish.group != "SM2" && !wish.group.starts_with("ED") && !wish.group.starts_with("ML-DSA");
  if (!curve_of_ec && !wish.explicit_curve) {
    EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_from_name(nullptr, wish.group.c_str(), nullptr);
    EVP_PKEY* key = nullptr;
    require(context != nullptr && EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_generate(context, &key) == 1);
    EVP_PKEY_CTX_free(context);
    return {key, EVP_PKEY_free};
  }
  if (!wish.explicit_curve) return {EVP_EC_gen(wish.group.c_str()), EVP_PKEY_free};
  EVP_PKEY_CTX* const context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_CTX_set_group_name(context, wish.group.c_str()) == 1 &&
          EVP_PKEY_CTX_set_ec_param_enc(context, OPENSSL_EC_EXPLICIT_CURVE) == 1 &&
          EVP_PKEY_generate(context, &key) == 1);
  EVP_PKEY_CTX_free(context);
  return {key, EVP_PKEY_free};
}

/// Changes the last bit of the public point. There is no other point with this x but one with the opposite y.
void leave_curve(X509* certificate) {
  ASN1_BIT_STRING* const point = X509_get0_pubkey_bitstr(certificate);
  point->data[point->length - 1] ^= 1;
}

}  // namespace

void make_certificate(const std::filesystem::path& directory, const CertificateWish& wish) {
  const Key key = new_key(directory, wish);
  const Certificate certificate(X509_new(), X509_free);
  require(key != nullptr && certificate != nullptr);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.from_now);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.until_now);
  if (wish.rsa_exponent != 65537) {
    X509_set_pubkey(certificate.get(), with_exponent(key.get(), wish.rsa_exponent).get());
  } else {
    X509_set_pubkey(certificate.get(), key.get());
  }
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1,
                             -1, 0);
  const bool own = wish.issuer.empty();
  const Certificate issuer(own ? nullptr : read_pem(directory / (wish.issuer + ".crt"), PEM_read_X509), X509_free);
  const Key issuing(own ? nullptr : read_pem(directory / (wish.issuer + ".key"), PEM_read_PrivateKey), EVP_PKEY_free);
  X509_set_issuer_name(certificate.get(), own ? name : X509_get_subject_name(issuer.get()));
  std::string constraints = wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE";
  if (wish.path_length >= 0) constraints += ",pathlen:" + std::to_string(wish.path_length);
  add_extension(certificate.get(), NID_basic_constraints, constraints.c_str());
  if (wish.key_identifier) add_extension(certificate.get(), NID_subject_key_identifier, "hash");
  if (!wish.usage.empty()) add_extension(certificate.get(), NID_key_usage, wish.usage.c_str());
  EVP_PKEY* const signing = own ? key.get() : issuing.get();
  const bool by_sm2 = EVP_PKEY_is_a(signing, "SM2") == 1;
  if (wish.off_curve) leave_curve(certificate.get());
  if (by_sm2 && wish.usual_sm2_id) {
    sign_with_sm2(certificate.get(), signing);
  } else {
    const bool chooses = EVP_PKEY_is_a(signing, "EC") == 1 || EVP_PKEY_is_a(signing, "RSA") == 1;
    const EVP_MD* const digest = by_sm2 ? EVP_sm3() : chooses ? EVP_get_digestbyname(wish.digest.c_str()) : nullptr;
    require(X509_sign(certificate.get(), signing, digest) > 0);
  }

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
