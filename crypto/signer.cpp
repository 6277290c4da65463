#include "crypto/signer.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cerrno>

#include "core/error.h"
#include "core/hex.h"
#include "crypto/digest.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

const unsigned char* octets(std::span<const std::byte> bytes) {
  return static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
}

/// Nobody is asked for a passphrase: a batch may run unattended.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

std::string time_text(const ASN1_TIME* time) {
  const openssl::Handle<BIO> text(BIO_new(BIO_s_mem()));
  ASN1_TIME_print(text.get(), time);
  char* data = nullptr;
  const long length = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

bool is_p384(EVP_PKEY* key) {
  char group[32] = {};
  std::size_t length = 0;
  return EVP_PKEY_is_a(key, "EC") == 1 && EVP_PKEY_get_group_name(key, group, sizeof group, &length) == 1 &&
         std::string_view(group, length) == SN_secp384r1;
}

}  // namespace

X509Certificate X509Certificate::read(const std::filesystem::path& path) {
  const openssl::Handle<BIO> file(BIO_new_file(path.c_str(), "rb"));
  if (file == nullptr) {
    const int error = errno;
    openssl::reason();
    throw system_error("open", path.string(), error);
  }
  X509* certificate = PEM_read_bio_X509(file.get(), nullptr, no_passphrase, nullptr);
  if (certificate == nullptr) {
    BIO_seek(file.get(), 0);
    certificate = d2i_X509_bio(file.get(), nullptr);
  }
  if (certificate == nullptr) {
    throw Error(Category::io, fmt::format("{} is no X.509 certificate: {}", path.string(), openssl::reason()));
  }
  openssl::reason();
  X509Certificate result;
  result.certificate_.reset(certificate, X509_free);
  result.path_ = path.string();
  return result;
}

std::string X509Certificate::fingerprint() const {
  unsigned char* der = nullptr;
  const int length = i2d_X509(get(), &der);
  if (length < 0) throw Error(Category::io, fmt::format("cannot encode the certificate {}", path_));
  const openssl::Handle<unsigned char> owner(der);
  return hex(sha256(std::as_bytes(std::span(der, static_cast<std::size_t>(length)))));
}

std::string X509Certificate::subject() const {
  const openssl::Handle<BIO> text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(get()), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long length = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

void X509Certificate::require_valid_at(std::time_t now) const {
  const ASN1_TIME* const from = X509_get0_notBefore(get());
  const ASN1_TIME* const until = X509_get0_notAfter(get());
  if (ASN1_TIME_cmp_time_t(from, now) > 0) {
    throw Error(Category::refused, fmt::format("the certificate {} is not valid before {}", path_, time_text(from)));
  }
  if (ASN1_TIME_cmp_time_t(until, now) < 0) {
    throw Error(Category::refused, fmt::format("the certificate {} expired on {}; renew it", path_, time_text(until)));
  }
}

void X509Certificate::require_usage(unsigned flags, const char* purpose) const {
  // UINT32_MAX when the certificate has no key usage extension: then nothing is forbidden.
  if ((X509_get_key_usage(get()) & flags) == 0) {
    throw Error(Category::refused, fmt::format("the certificate {} ({}) is not for {}: its key usage forbids it", path_,
                                               subject(), purpose));
  }
}

void require_private_file(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) throw system_error("open", path.string(), errno);
  if ((status.st_mode & 077) != 0) {
    throw Error(Category::device, fmt::format("the key file {} can be read or changed by others (mode {:04o}); "
                                              "run: chmod 600 {}",
                                              path.string(), status.st_mode & 07777U, path.string()));
  }
}

std::shared_ptr<EVP_PKEY> read_private_key(const std::filesystem::path& path) {
  require_private_file(path);
  const openssl::Handle<BIO> file(BIO_new_file(path.c_str(), "rb"));
  if (file == nullptr) {
    const int error = errno;
    openssl::reason();
    throw system_error("open", path.string(), error);
  }
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(file.get(), nullptr, no_passphrase, nullptr);
  if (key == nullptr) {
    throw Error(Category::io,
                fmt::format("{} is no unencrypted private key in PEM: {}", path.string(), openssl::reason()));
  }
  return {key, EVP_PKEY_free};
}

Signer::Signer(const std::filesystem::path& certificate, const std::filesystem::path& key, std::time_t now)
    : certificate_(X509Certificate::read(certificate)), key_(read_private_key(key)) {
  certificate_.require_valid_at(now);
  certificate_.require_usage(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION, "signing");
  if (!is_p384(key_.get())) {
    throw Error(Category::refused,
                fmt::format("{} is no ECDSA key on P-384, the kind batches are signed with; make one "
                            "with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
                            key.string()));
  }
  if (X509_check_private_key(certificate_.get(), key_.get()) != 1) {
    openssl::reason();
    throw Error(Category::refused,
                fmt::format("the key {} does not belong to the certificate {}", key.string(), certificate.string()));
  }
}

std::vector<std::byte> Signer::sign(std::span<const std::byte> message) const {
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::size_t length = 0;
  std::vector<std::byte> signature;
  if (context == nullptr ||
      EVP_DigestSignInit_ex(context.get(), nullptr, "SHA2-384", nullptr, nullptr, key_.get(), nullptr) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &length, octets(message), message.size()) != 1) {
    throw Error(Category::io, fmt::format("OpenSSL cannot sign: {}", openssl::reason()));
  }
  signature.resize(length);
  auto* const out = static_cast<unsigned char*>(static_cast<void*>(signature.data()));
  if (EVP_DigestSign(context.get(), out, &length, octets(message), message.size()) != 1) {
    throw Error(Category::io, fmt::format("OpenSSL cannot sign: {}", openssl::reason()));
  }
  signature.resize(length);
  return signature;
}

bool signature_is_valid(const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  if (key == nullptr || !is_p384(key)) return false;
  const openssl::Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool valid =
      context != nullptr &&
      EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA2-384", nullptr, nullptr, key, nullptr) == 1 &&
      EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(message), message.size()) == 1;
  openssl::reason();
  return valid;
}

}  // namespace lightseed
