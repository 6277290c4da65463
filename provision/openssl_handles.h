#pragma once

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace lightseed {

/// Owners of OpenSSL objects; private to provision/.
template <auto Free>
struct OpensslFree {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using BioHandle = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using CmsHandle = std::unique_ptr<CMS_ContentInfo, OpensslFree<CMS_ContentInfo_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using CertificateHandle = std::unique_ptr<X509, OpensslFree<X509_free>>;
using DigestHandle = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;

/// The reason of OpenSSL's latest error in words; clears its queue. "no reason given" when it is empty.
std::string openssl_reason();

}  // namespace lightseed
