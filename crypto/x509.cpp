// SPDX-License-Identifier: Apache-2.0
#include "crypto/x509.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/certificate_file.h"
#include "crypto/der.h"
#include "crypto/digest.h"
#include "crypto/handles.h"
#include "crypto/sm2.h"

namespace lightseed {
namespace {

// Of a signature's digest: SHA-1 has 63 by OpenSSL's count, SHA-224 has 112.
constexpr int least_security_bits = 112;

template <typename Print>
std::string printed(Print print) {
  const openssl::Handle<BIO> text(BIO_new(BIO_s_mem()));
  print(text.get());
  char* data = nullptr;
  const long length = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

std::string time_text(const ASN1_TIME* time) {
  return printed([&](BIO* out) { ASN1_TIME_print(out, time); });
}

/// What i2d_… of OpenSSL writes.
template <typename Encode>
std::string encoded(Encode encode, std::string_view what) {
  unsigned char* der = nullptr;
  const int length = encode(&der);
  openssl::require(length > 0, fmt::format("encode {}", what));
  const openssl::Handle<unsigned char> owner(der);
  return std::string(text_of(std::as_bytes(std::span(der, static_cast<std::size_t>(length)))));
}

struct Use {
  unsigned bits;
  const char* words;
};

Use use_of(KeyUse use) noexcept {
  switch (use) {
    case KeyUse::signing: return {KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION, "signing"};
    case KeyUse::key_agreement: return {KU_KEY_AGREEMENT, "receiving keys by key agreement"};
    case KeyUse::key_transport: return {KU_KEY_ENCIPHERMENT, "receiving keys by key transport"};
  }
  return {0, ""};
}

/// The one of a chain that vouches for no other and that all others vouch for, one after another; null where they are
/// no such chain.
const X509Certificate* lower_end(std::span<const X509Certificate> all) {
  const auto issues_another = [&](const X509Certificate& one) {
    return std::any_of(all.begin(), all.end(),
                       [&](const X509Certificate& other) { return &other != &one && other.is_issued_by(one); });
  };
  const X509Certificate* end = nullptr;
  for (const X509Certificate& one : all) {
    if (issues_another(one)) continue;
    if (end != nullptr) return nullptr;
    end = &one;
  }
  if (end == nullptr || end->is_authority()) return nullptr;
  std::vector<const X509Certificate*> above;
  for (const X509Certificate& one : all)
    if (&one != end) above.push_back(&one);
  for (const X509Certificate* at = end; !above.empty();) {
    const auto issuer =
        std::find_if(above.begin(), above.end(), [&](const X509Certificate* one) { return at->is_issued_by(*one); });
    if (issuer == above.end()) return nullptr;
    at = *issuer;
    above.erase(issuer);
  }
  return end;
}

}  // namespace

X509Certificate X509Certificate::from_der(std::span<const std::byte> der, std::string_view name) {
  const unsigned char* in = octets(der.data());
  X509* const certificate = d2i_X509(nullptr, &in, static_cast<long>(der.size()));
  X509Certificate result;
  result.certificate_.reset(certificate, X509_free);
  result.path_ = name;
  if (certificate == nullptr || in != octets(der.data()) + der.size()) {
    const std::string reason = openssl::reason();
    throw Error(Category::malformed,
                fmt::format("{} {} ({})", name,
                            certificate == nullptr ? "holds no certificate that can be read; get it again"
                                                   : "has bytes behind its certificate; give the certificate alone",
                            certificate == nullptr ? reason : "trailing data"));
  }
  if (X509_get_signature_nid(certificate) == NID_SM2_with_SM3) expect_usual_sm2_id(certificate);
  openssl::reason();
  return result;
}

X509Certificate X509Certificate::read(const std::filesystem::path& path, const AskPassphrase& ask) {
  CertificateFile file = read_certificate_file(path, ask);
  if (file.of_a_key) return from_der(bytes_of(file.certificates.front()), path.string());
  // The same certificate twice is one.
  std::ranges::sort(file.certificates);
  file.certificates.erase(std::unique(file.certificates.begin(), file.certificates.end()), file.certificates.end());
  if (file.certificates.size() == 1) return from_der(bytes_of(file.certificates.front()), path.string());
  std::vector<X509Certificate> all;
  all.reserve(file.certificates.size());
  for (const std::string& der : file.certificates)
    all.push_back(from_der(bytes_of(der), path.string()));
  if (const X509Certificate* const end = lower_end(all)) return *end;
  throw Error(Category::refused,
              fmt::format("{} holds {} certificates that are no one chain, and which of them is meant "
                          "is not for a program to guess; give a file with that one alone",
                          path.string(), all.size()));
}

std::vector<X509Certificate> X509Certificate::read_all(const std::filesystem::path& path, std::size_t most) {
  const CertificateFile file = read_certificate_file(path, {});
  if (file.certificates.size() > most) {
    throw Error(Category::refused, fmt::format("{} holds {} certificates, and {} are accepted; give those alone that "
                                               "are needed",
                                               path.string(), file.certificates.size(), most));
  }
  std::vector<X509Certificate> all;
  for (const std::string& der : file.certificates) {
    const std::size_t number = all.size() + 1;
    all.push_back(from_der(bytes_of(der), file.certificates.size() == 1
                                              ? path.string()
                                              : fmt::format("{} (certificate {})", path.string(), number)));
  }
  return all;
}

std::string X509Certificate::der() const {
  return encoded([this](unsigned char** out) { return i2d_X509(get(), out); }, "a certificate");
}

std::string X509Certificate::fingerprint() const {
  return hex(sha256(bytes_of(der())));
}

std::string X509Certificate::subject() const {
  return printed([this](BIO* out) { X509_NAME_print_ex(out, X509_get_subject_name(get()), 0, XN_FLAG_RFC2253); });
}

std::optional<std::string> X509Certificate::key_identifier() const {
  const ASN1_OCTET_STRING* const id = X509_get0_subject_key_id(get());
  if (id == nullptr) return std::nullopt;
  const auto* const data = ASN1_STRING_get0_data(id);
  return std::string(text_of(std::as_bytes(std::span(data, static_cast<std::size_t>(ASN1_STRING_length(id))))));
}

std::string X509Certificate::issuer_and_serial() const {
  const std::string issuer =
      encoded([this](unsigned char** out) { return i2d_X509_NAME(X509_get_issuer_name(get()), out); }, "an issuer");
  const std::string serial = encoded(
      [this](unsigned char** out) { return i2d_ASN1_INTEGER(X509_get0_serialNumber(get()), out); }, "a serial number");
  return der_element(true, V_ASN1_SEQUENCE, issuer + serial);
}

bool X509Certificate::same_key_as(const X509Certificate& other) const {
  const EVP_PKEY* const mine = X509_get0_pubkey(get());
  const EVP_PKEY* const theirs = X509_get0_pubkey(other.get());
  const bool same = mine != nullptr && theirs != nullptr && EVP_PKEY_eq(mine, theirs) == 1;
  openssl::reason();
  return same;
}

bool X509Certificate::is_issued_by(const X509Certificate& issuer) const {
  EVP_PKEY* const key = X509_get0_pubkey(issuer.get());
  const bool issued =
      key != nullptr && X509_check_issued(issuer.get(), get()) == X509_V_OK && X509_verify(get(), key) == 1;
  openssl::reason();
  return issued;
}

bool X509Certificate::has_known_signature() const {
  return X509_get_signature_nid(get()) != NID_undef;
}

bool X509Certificate::is_authority() const {
  return X509_check_ca(get()) != 0;
}

void X509Certificate::require_valid_at(std::time_t moment) const {
  const ASN1_TIME* const from = X509_get0_notBefore(get());
  const ASN1_TIME* const until = X509_get0_notAfter(get());
  if (ASN1_TIME_cmp_time_t(from, moment) > 0) {
    throw Error(Category::refused, fmt::format("the certificate {} is not valid before {}", path_, time_text(from)));
  }
  if (ASN1_TIME_cmp_time_t(until, moment) < 0) {
    throw Error(Category::refused, fmt::format("the certificate {} expired on {}; renew it", path_, time_text(until)));
  }
}

void X509Certificate::require_use(KeyUse use) const {
  const Use wanted = use_of(use);
  if (is_authority()) {
    throw Error(Category::refused,
                fmt::format("the certificate {} ({}) is a certification authority's, which signs certificates and is "
                            "not for {}; give the certificate of the one who does that",
                            path_, subject(), wanted.words));
  }
  // UINT32_MAX when the certificate has no key usage extension: then nothing is forbidden.
  if ((X509_get_key_usage(get()) & wanted.bits) == 0) {
    throw Error(Category::refused, fmt::format("the certificate {} ({}) is not for {}: its key usage forbids it", path_,
                                               subject(), wanted.words));
  }
}

void X509Certificate::require_end_entity_for(KeyUse use) const {
  require_use(use);
  if (!has_known_signature()) {
    throw Error(Category::refused, fmt::format("the certificate {} ({}) is signed by its issuer with an algorithm that "
                                               "this machine's libcrypto ({}) does not know",
                                               path_, subject(), OpenSSL_version(OPENSSL_VERSION)));
  }
  int security_bits = 0;
  if (X509_get_signature_info(get(), nullptr, nullptr, &security_bits, nullptr) != 1 ||
      security_bits < least_security_bits) {
    openssl::reason();
    throw Error(Category::refused,
                fmt::format("the certificate {} ({}) is signed with {}, which can be forged; it must "
                            "be issued again with SHA-256 or better",
                            path_, subject(), OBJ_nid2ln(X509_get_signature_nid(get()))));
  }
}

}  // namespace lightseed
