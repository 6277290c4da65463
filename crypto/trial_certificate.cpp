// SPDX-License-Identifier: Apache-2.0
#include "crypto/trial_certificate.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

using openssl::Handle;
using openssl::require;

constexpr const char* organisation = "TEST - not for production";

void add_name(X509_NAME* name, const char* field, std::string_view value) {
  require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_ASC, octets(bytes_of(value).data()),
                                     static_cast<int>(value.size()), -1, 0) == 1,
          "name a certificate's owner");
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  require(added, "extend a certificate");
}

/// Positive, of 127 random bits: no two trial certificates are taken for one.
void set_serial(X509* certificate) {
  unsigned char random[16];
  require(RAND_bytes(random, sizeof random) == 1, "draw a serial number");
  random[0] = static_cast<unsigned char>((random[0] & 0x7F) | 0x40);
  const Handle<BIGNUM> number(BN_bin2bn(random, sizeof random, nullptr));
  require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
          "number a certificate");
}

/// What `put` writes, in memory that OpenSSL wipes.
template <typename Put>
Handle<BIO> in_memory(Put put, const char* what) {
  Handle<BIO> memory(BIO_new(BIO_s_secmem()));
  require(memory && put(memory.get()) == 1, what);
  return memory;
}

std::string_view text_in(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

TrialCertificate make_trial_certificate(TrialUse use, std::string_view name, std::time_t now, int days,
                                        SignatureKind kind) {
  const bool printable = std::ranges::all_of(name, [](char c) { return c >= ' ' && c <= '~'; });
  if (name.empty() || name.size() > 64 || !printable) {
    throw Error(Category::usage, "the name in a certificate has 1 to 64 printable ASCII characters");
  }
  if (days < 1 || days > 365) {
    throw Error(Category::usage, fmt::format("a trial of {} days: it can last 1 to 365", days));
  }
  if (use == TrialUse::receive) kind = SignatureKind::ecdsa_p384;
  if (!is_available(kind)) throw Error(Category::refused, absence_of(kind));
  const Handle<EVP_PKEY> key = new_key_of(kind);
  const Handle<X509> certificate(X509_new());
  require(certificate != nullptr, "make a certificate");
  X509* const x509 = certificate.get();
  require(X509_set_version(x509, X509_VERSION_3) == 1 && X509_set_pubkey(x509, key.get()) == 1, "make a certificate");
  set_serial(x509);
  require(X509_time_adj_ex(X509_getm_notBefore(x509), 0, 0, &now) != nullptr &&
              X509_time_adj_ex(X509_getm_notAfter(x509), days, 0, &now) != nullptr,
          "date a certificate");
  X509_NAME* const subject = X509_get_subject_name(x509);
  add_name(subject, "O", organisation);
  add_name(subject, "CN", name);
  require(X509_set_issuer_name(x509, subject) == 1, "name a certificate's issuer");
  add_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(x509, NID_subject_key_identifier, "hash");
  add_extension(x509, NID_key_usage, use == TrialUse::receive ? "critical,keyAgreement" : "critical,digitalSignature");
  sign_certificate(kind, x509, key.get());

  TrialCertificate made;
  const auto open = in_memory([&](BIO* out) { return PEM_write_bio_X509(out, x509); }, "write a certificate");
  made.certificate = text_in(open.get());
  const auto secret = in_memory(
      [&](BIO* out) { return PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); },
      "write a key");
  made.key = SecretBytes(text_in(secret.get()).size());
  std::memcpy(made.key.data(), text_in(secret.get()).data(), made.key.size());
  return made;
}

}  // namespace lightseed
