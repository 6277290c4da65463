// SPDX-License-Identifier: Apache-2.0
#include "crypto/path.h"

#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/byte_views.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

constexpr int auth_level = 2;  // OpenSSL's word for 112 bits and more, in keys and digests

struct Words {
  int error;
  std::string_view text;
};

/// What people get wrong, in our words.
constexpr std::array words{
    Words{X509_V_ERR_CERT_HAS_EXPIRED, "had expired"},
    Words{X509_V_ERR_CERT_NOT_YET_VALID, "was not valid yet"},
    Words{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "was issued by nobody who is trusted or known"},
    Words{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "was issued by nobody who is trusted or known"},
    Words{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "was issued by nobody who is trusted or known"},
    Words{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "signed itself"},
    Words{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "signed itself, and is not the one that is trusted"},
    Words{X509_V_ERR_CERT_SIGNATURE_FAILURE, "carries a signature that its issuer did not make"},
    Words{X509_V_ERR_INVALID_CA, "is no certification authority's (basic constraints, key usage)"},
    Words{X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "may not issue certificates: its key usage forbids it"},
    Words{X509_V_ERR_PATH_LENGTH_EXCEEDED, "allows fewer authorities below it than there are (path length)"},
    Words{X509_V_ERR_EE_KEY_TOO_SMALL, "holds a key that is too short"},
    Words{X509_V_ERR_CA_KEY_TOO_SMALL, "holds a key that is too short"},
    Words{X509_V_ERR_CA_MD_TOO_WEAK, "is signed with a digest that can be forged"}};

std::string words_for(int error) {
  const auto* const found = std::ranges::find(words, error, &Words::error);
  if (found != words.end()) return std::string(found->text);
  return fmt::format("breaks a rule of RFC 5280 ({})", X509_verify_cert_error_string(error));
}

X509Certificate copy_of(X509* certificate, std::string_view name) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  openssl::require(size > 0, "encode a certificate");
  const openssl::Handle<unsigned char> owner(der);
  return X509Certificate::from_der(std::as_bytes(std::span(der, static_cast<std::size_t>(size))), name);
}

}  // namespace

CertificatePath find_path(const X509Certificate& certificate, const X509Certificate& trusted,
                          std::span<const X509Certificate> between, std::optional<std::time_t> moment) {
  const openssl::Handle<X509_STORE> store(X509_STORE_new());
  const openssl::Handle<X509_STORE_CTX> context(X509_STORE_CTX_new());
  const auto free_stack = [](STACK_OF(X509) * stack) { sk_X509_free(stack); };  // not what is on it
  const std::unique_ptr<STACK_OF(X509), decltype(free_stack)> untrusted(sk_X509_new_null(), free_stack);
  openssl::require(store != nullptr && context != nullptr && untrusted != nullptr, "prepare to check a certificate");
  for (const X509Certificate& one : between)
    openssl::require(sk_X509_push(untrusted.get(), one.get()) > 0, "prepare to check a certificate");
  openssl::require(X509_STORE_add_cert(store.get(), trusted.get()) == 1 &&
                       X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), untrusted.get()) == 1,
                   "prepare to check a certificate");
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level(parameters, auth_level);
  if (moment) {
    X509_VERIFY_PARAM_set_time(parameters, *moment);
  } else {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
  }
  const bool good = X509_verify_cert(context.get()) == 1;
  openssl::reason();
  CertificatePath path;
  if (!good) {
    X509* const at = X509_STORE_CTX_get_current_cert(context.get());
    const int error = X509_STORE_CTX_get_error(context.get());
    path.fault =
        fmt::format("the certificate of {} {}",
                    at == nullptr ? certificate.subject() : copy_of(at, "in the path").subject(), words_for(error));
    return path;
  }
  STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i)
    path.certificates.push_back(copy_of(sk_X509_value(chain, i), "in the path"));
  return path;
}

}  // namespace lightseed
