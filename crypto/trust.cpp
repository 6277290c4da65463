// SPDX-License-Identifier: Apache-2.0
#include "crypto/trust.h"

#include <fmt/format.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <utility>

#include "core/error.h"
#include "crypto/ecdsa.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

constexpr int auth_level = 2;  // OpenSSL's word for 112 bits and more, in keys and digests

}  // namespace

TrustAnchor::TrustAnchor(X509Certificate certificate)
    : certificate_(std::move(certificate)), authority_(certificate_.is_authority()) {}

TrustAnchor TrustAnchor::read(const std::filesystem::path& path) {
  return TrustAnchor(X509Certificate::read(path));
}

std::string TrustAnchor::fault_of_path(const X509Certificate& signer, std::optional<std::time_t> moment) const {
  const openssl::Handle<X509_STORE> store(X509_STORE_new());
  const openssl::Handle<X509_STORE_CTX> context(X509_STORE_CTX_new());
  openssl::require(store != nullptr && context != nullptr &&
                       X509_STORE_add_cert(store.get(), certificate_.get()) == 1 &&
                       X509_STORE_CTX_init(context.get(), store.get(), signer.get(), nullptr) == 1,
                   "prepare to check a certificate");
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  // The anchor counts because a person said so, not because it signed itself.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level(parameters, auth_level);
  if (moment) {
    X509_VERIFY_PARAM_set_time(parameters, *moment);
  } else {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
  }
  const bool good = X509_verify_cert(context.get()) == 1;
  openssl::reason();
  return good ? "" : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

X509Certificate TrustAnchor::signer(const std::optional<X509Certificate>& offered) const {
  if (!authority_) return certificate_;
  if (!offered) {
    throw Error(Category::verdict,
                fmt::format("{} is a certification authority, and the signature comes without the certificate of its "
                            "signer: trust the signer's own certificate instead",
                            certificate_.path()));
  }
  if (const std::string fault = fault_of_path(*offered, std::nullopt); !fault.empty()) {
    throw Error(Category::verdict, fmt::format("the certificate of the signer ({}) was not issued by {} ({})",
                                               offered->subject(), certificate_.subject(), fault));
  }
  return *offered;
}

void TrustAnchor::judge(const X509Certificate& signer, std::time_t issued) const {
  signer.require_valid_at(issued);
  signer.require_end_entity_for(KeyUse::signing);
  if (!is_p384(X509_get0_pubkey(signer.get()))) {
    throw Error(Category::refused, fmt::format("the certificate {} ({}) holds no ECDSA key on the named curve P-384",
                                               signer.path(), signer.subject()));
  }
  if (!authority_) {
    if (signer.fingerprint() != certificate_.fingerprint()) {
      throw Error(Category::refused, fmt::format("{} is not the certificate that is trusted", signer.subject()));
    }
    return;
  }
  certificate_.require_valid_at(issued);
  if (const std::string fault = fault_of_path(signer, issued); !fault.empty()) {
    throw Error(Category::refused, fmt::format("at the time of issue the certificate of {} did not hold under {} ({})",
                                               signer.subject(), certificate_.subject(), fault));
  }
}

}  // namespace lightseed
