// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificate_file.h"

#include <fmt/format.h>
#include <openssl/cms.h>
#include <openssl/x509.h>

#include <memory>
#include <span>
#include <utility>

#include "core/atomic_file.h"
#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/base64.h"
#include "crypto/der_kind.h"
#include "crypto/encrypted_key.h"
#include "crypto/handles.h"
#include "crypto/pem.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20;

/// The certificates that travel in a CMS message, most often one without content or signer.
std::vector<std::string> certificates_in_bag(std::span<const std::byte> der, const std::string& file) {
  const unsigned char* in = octets(der.data());
  const openssl::Handle<CMS_ContentInfo> bag(d2i_CMS_ContentInfo(nullptr, &in, static_cast<long>(der.size())));
  std::vector<std::string> certificates;
  if (bag != nullptr) {
    const std::shared_ptr<STACK_OF(X509)> all(CMS_get1_certs(bag.get()),
                                              [](STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); });
    for (int i = 0; i < sk_X509_num(all.get()); ++i) {
      unsigned char* bytes = nullptr;
      const int length = i2d_X509(sk_X509_value(all.get(), i), &bytes);
      openssl::require(length > 0, "encode a certificate");
      const openssl::Handle<unsigned char> owner(bytes);
      certificates.emplace_back(text_of(std::as_bytes(std::span(bytes, static_cast<std::size_t>(length)))));
    }
  }
  openssl::reason();
  if (certificates.empty()) {
    throw Error(Category::malformed, fmt::format("{} is a CMS message, not a certificate: none travels in it", file));
  }
  return certificates;
}

std::string der_of(const PemBlock& block, const std::string& file) {
  const auto der = secret_from_base64(block.base64);
  if (!der) throw Error(Category::malformed, fmt::format("{} is damaged: its base64 is wrong", file));
  return std::string(text_of(der->bytes()));
}

std::vector<std::string> certificates_in_pem(std::span<const PemBlock> blocks, const std::string& file) {
  std::vector<std::string> certificates;
  for (const PemBlock& block : blocks) {
    if (block.label == "CERTIFICATE" || block.label == "X509 CERTIFICATE") {
      certificates.push_back(der_of(block, file));
    } else if (block.label == "PKCS7" || block.label == "CMS") {
      const std::string bag = der_of(block, file);
      for (std::string& certificate : certificates_in_bag(bytes_of(bag), file))
        certificates.push_back(std::move(certificate));
    }
  }
  return certificates;
}

}  // namespace

CertificateFile read_certificate_file(const std::filesystem::path& path, const AskPassphrase& ask) {
  const std::string file = path.string();
  const std::string content = read_text_file(path, largest_file);
  const std::vector<PemBlock> blocks = find_pem(content);
  CertificateFile result{.certificates = certificates_in_pem(blocks, file)};
  if (blocks.empty()) {
    switch (der_kind_of(bytes_of(content))) {
      case DerKind::certificate:
      case DerKind::something: result.certificates = {content}; break;
      case DerKind::cms: result.certificates = certificates_in_bag(bytes_of(content), file); break;
      case DerKind::pkcs12:
        result = {.certificates = open_pkcs12(bytes_of(content), file, ask).certificates, .of_a_key = true};
        if (result.certificates.empty()) {
          throw Error(Category::malformed, fmt::format("{} is a PKCS#12 file without a certificate of its key", file));
        }
        break;
      default: break;
    }
  }
  if (result.certificates.empty()) {
    throw Error(Category::malformed, fmt::format("{} {}", file, what_it_is_instead(content, blocks, "a certificate")));
  }
  return result;
}

}  // namespace lightseed
