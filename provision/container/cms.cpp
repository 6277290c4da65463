#include "provision/container/cms.h"

#include <fmt/format.h>

#include <cstring>

#include "core/error.h"
#include "provision/openssl_handles.h"

namespace lightseed {
namespace {

constexpr const char* oid_key_package = "1.2.840.113549.1.9.16.1.25";  // id-ct-KP-sKeyPackage, RFC 6031 section 2

void require(bool done, const char* what) {
  if (!done) throw Error(Category::io, fmt::format("OpenSSL cannot {}: {}", what, openssl_reason()));
}

BioHandle reading(std::span<const std::byte> bytes) {
  BioHandle bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  require(bio != nullptr, "read from memory");
  return bio;
}

std::size_t encoded_size(CMS_ContentInfo* message) {
  const int size = i2d_CMS_ContentInfo(message, nullptr);
  require(size > 0, "encode a CMS message");
  return static_cast<std::size_t>(size);
}

void encode(CMS_ContentInfo* message, std::span<std::byte> out) {
  auto* place = static_cast<unsigned char*>(static_cast<void*>(out.data()));
  require(i2d_CMS_ContentInfo(message, &place) == static_cast<int>(out.size()), "encode a CMS message");
}

ASN1_OBJECT* key_package_type() {
  static ASN1_OBJECT* const type = OBJ_txt2obj(oid_key_package, 1);
  return type;
}

}  // namespace

SecretBytes sign_package(std::span<const std::byte> package, const Signer& signer) {
  const CmsHandle message(
      CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_BINARY | CMS_PARTIAL | CMS_STREAM | CMS_NOSMIMECAP));
  require(message != nullptr && CMS_set1_eContentType(message.get(), key_package_type()) == 1, "begin a SignedData");
  require(CMS_add1_signer(message.get(), signer.certificate().get(), signer.key(), EVP_sha384(),
                          CMS_USE_KEYID | CMS_CADES | CMS_NOSMIMECAP) != nullptr,
          "add the signer (its certificate needs a subject key identifier)");
  require(CMS_final(message.get(), reading(package).get(), nullptr, CMS_BINARY) == 1, "sign the key package");
  SecretBytes der(encoded_size(message.get()));
  encode(message.get(), der.bytes());
  return der;
}

std::vector<std::byte> envelop(std::span<const std::byte> signed_data, const Recipient& recipient) {
  const std::unique_ptr<EVP_CIPHER, OpensslFree<EVP_CIPHER_free>> cipher(
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  require(cipher != nullptr, "find AES-256-GCM");
  const CmsHandle message(CMS_AuthEnvelopedData_create_ex(cipher.get(), nullptr, nullptr));
  // The content is inside, and its type says that a SignedData follows.
  require(message != nullptr && CMS_set_detached(message.get(), 0) == 1 &&
              CMS_set1_eContentType(message.get(), OBJ_nid2obj(NID_pkcs7_signed)) == 1,
          "begin an AuthEnvelopedData");
  recipient.add_to(message.get());
  require(CMS_final(message.get(), reading(signed_data).get(), nullptr, CMS_BINARY) == 1, "encrypt the key package");
  std::vector<std::byte> der(encoded_size(message.get()));
  encode(message.get(), der);
  return der;
}

SecretBytes verify_package(std::span<const std::byte> signed_data, const X509Certificate& trusted) {
  const auto* in = static_cast<const unsigned char*>(static_cast<const void*>(signed_data.data()));
  const auto* const end = in + signed_data.size();
  const CmsHandle message(d2i_CMS_ContentInfo(nullptr, &in, static_cast<long>(signed_data.size())));
  if (message == nullptr || in != end) {
    throw Error(Category::verdict, fmt::format("the envelope holds no CMS message: {}", openssl_reason()));
  }
  if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed ||
      OBJ_cmp(CMS_get0_eContentType(message.get()), key_package_type()) != 0) {
    throw Error(Category::verdict, "the envelope holds no signed key package");
  }
  // The trusted certificate itself is the anchor: its signature counts, a chain to it does not.
  STACK_OF(X509)* const certificates = sk_X509_new_null();
  sk_X509_push(certificates, trusted.get());
  const BioHandle content(BIO_new(BIO_s_secmem()));
  const int verified = CMS_verify(message.get(), certificates, nullptr, nullptr, content.get(),
                                  CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY | CMS_NOINTERN);
  sk_X509_free(certificates);
  if (verified != 1 || sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(message.get())) != 1) {
    throw Error(Category::verdict,
                fmt::format("the key package is not signed by {}: {}", trusted.subject(), openssl_reason()));
  }
  char* data = nullptr;
  const long length = BIO_get_mem_data(content.get(), &data);
  SecretBytes package(static_cast<std::size_t>(length));
  std::memcpy(package.data(), data, package.size());
  return package;
}

}  // namespace lightseed
