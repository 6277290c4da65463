#include "crypto/cms.h"

#include <fmt/format.h>
#include <openssl/cms.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/error.h"
#include "crypto/der.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

using openssl::require;

constexpr const char* oid_key_package = "1.2.840.113549.1.9.16.1.25";  // id-ct-KP-sKeyPackage, RFC 6031 section 2

/// The DER of a message without its content: some hundred bytes.
Der encoded(CMS_ContentInfo* message) {
  unsigned char* der = nullptr;
  const int size = i2d_CMS_ContentInfo(message, &der);
  require(size > 0, "encode a CMS message");
  Der text(static_cast<const char*>(static_cast<const void*>(der)), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

/// OpenSSL's chain of filters in front of `last`, freed without it.
class FilterChain {
 public:
  FilterChain(BIO* first, BIO* last) : first_(first), last_(last) {}
  ~FilterChain() {
    while (first_ != nullptr && first_ != last_) {
      BIO* const next = BIO_pop(first_);
      BIO_free(first_);
      first_ = next;
    }
  }
  FilterChain(const FilterChain&) = delete;
  FilterChain& operator=(const FilterChain&) = delete;
  [[nodiscard]] BIO* get() const noexcept { return first_; }

 private:
  BIO* first_;
  BIO* last_;
};

/// Cuts content into pieces that stay in the cache on their way through cipher, hash and write.
template <typename Take>
void for_each_piece(std::span<const std::byte> content, Take take) {
  constexpr std::size_t largest = 64 * 1024;
  while (!content.empty()) {
    const auto piece = content.first(std::min(largest, content.size()));
    take(piece);
    content = content.subspan(piece.size());
  }
}

ASN1_OBJECT* key_package_type() {
  static ASN1_OBJECT* const type = OBJ_txt2obj(oid_key_package, 1);
  return type;
}

}  // namespace

SignedPackage sign_package(std::span<const std::byte> package, const Signer& signer) {
  const openssl::Handle<CMS_ContentInfo> message(
      CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_BINARY | CMS_PARTIAL | CMS_DETACHED | CMS_NOSMIMECAP));
  require(message != nullptr && CMS_set1_eContentType(message.get(), key_package_type()) == 1, "begin a SignedData");
  require(CMS_add1_signer(message.get(), signer.certificate().get(), signer.key(), EVP_sha384(),
                          CMS_USE_KEYID | CMS_CADES | CMS_NOSMIMECAP) != nullptr,
          "add the signer (its certificate needs a subject key identifier)");
  {
    const openssl::Handle<BIO> nowhere(BIO_new(BIO_s_null()));
    const FilterChain digest(CMS_dataInit(message.get(), nowhere.get()), nowhere.get());
    require(digest.get() != nullptr, "begin the digest of a key package");
    for_each_piece(package, [&](std::span<const std::byte> piece) {
      const auto size = static_cast<int>(piece.size());
      require(BIO_write(digest.get(), piece.data(), size) == size, "digest the key package");
    });
    require(CMS_dataFinal(message.get(), digest.get()) == 1, "sign the key package");
  }

  // ContentInfo { type, [0] SignedData { version, digests, EncapsulatedContentInfo { type }, certificates, signers } }
  const Der der = encoded(message.get());
  DerReader outer(bytes_of(der), "a SignedData of OpenSSL");
  DerReader content_info(outer.take(V_ASN1_SEQUENCE, true), "a SignedData of OpenSSL");
  const auto type = content_info.take_any();
  DerReader explicit_0(content_info.take(0, true, V_ASN1_CONTEXT_SPECIFIC), "a SignedData of OpenSSL");
  DerReader fields(explicit_0.take(V_ASN1_SEQUENCE, true), "a SignedData of OpenSSL");
  const Der version_and_digests = Der(text_of(fields.take_any())).append(text_of(fields.take_any()));
  const auto content_type = fields.take(V_ASN1_SEQUENCE, true);

  SignedPackage result;
  result.package = package;
  result.tail = text_of(fields.rest());
  const std::size_t octets = der_header_size(package.size()) + package.size();
  const std::size_t encapsulated = content_type.size() + der_header_size(octets) + octets;
  const std::size_t signed_data =
      version_and_digests.size() + der_header_size(encapsulated) + encapsulated + result.tail.size();
  const std::size_t whole = der_header_size(signed_data) + signed_data;
  append_der_header(result.head, true, type.size() + der_header_size(whole) + whole, V_ASN1_SEQUENCE);
  result.head += text_of(type);
  append_der_header(result.head, true, whole, 0, V_ASN1_CONTEXT_SPECIFIC);
  append_der_header(result.head, true, signed_data, V_ASN1_SEQUENCE);
  result.head += version_and_digests;
  append_der_header(result.head, true, encapsulated, V_ASN1_SEQUENCE);
  result.head += text_of(content_type);
  append_der_header(result.head, true, octets, 0, V_ASN1_CONTEXT_SPECIFIC);
  append_der_header(result.head, false, package.size(), V_ASN1_OCTET_STRING);
  return result;
}

namespace {

constexpr std::size_t tag_bytes = 16;  // of AES-GCM

/// What stands before the ciphertext of an AuthEnvelopedData, made from OpenSSL's encoding without content and tag:
/// ContentInfo { type, [0] AuthEnvelopedData { version, recipients, EncryptedContentInfo { type, algorithm }, tag } }
Der envelope_head(const Der& der, std::size_t ciphertext) {
  constexpr std::string_view what = "an AuthEnvelopedData of OpenSSL";
  DerReader outer(bytes_of(der), what);
  DerReader content_info(outer.take(V_ASN1_SEQUENCE, true), what);
  const auto type = content_info.take_any();
  DerReader explicit_0(content_info.take(0, true, V_ASN1_CONTEXT_SPECIFIC), what);
  DerReader fields(explicit_0.take(V_ASN1_SEQUENCE, true), what);
  const Der version_and_recipients = Der(text_of(fields.take_any())).append(text_of(fields.take_any()));
  const auto content = fields.take(V_ASN1_SEQUENCE, true);
  (void)fields.take(V_ASN1_OCTET_STRING, false);
  if (!fields.done())
    throw Error(Category::io, "OpenSSL adds attributes to an AuthEnvelopedData that were not asked for");

  const std::size_t encrypted = content.size() + der_header_size(ciphertext) + ciphertext;
  const std::size_t enveloped =
      version_and_recipients.size() + der_header_size(encrypted) + encrypted + der_header_size(tag_bytes) + tag_bytes;
  const std::size_t whole = der_header_size(enveloped) + enveloped;
  Der head;
  append_der_header(head, true, type.size() + der_header_size(whole) + whole, V_ASN1_SEQUENCE);
  head += text_of(type);
  append_der_header(head, true, whole, 0, V_ASN1_CONTEXT_SPECIFIC);
  append_der_header(head, true, enveloped, V_ASN1_SEQUENCE);
  head += version_and_recipients;
  append_der_header(head, true, encrypted, V_ASN1_SEQUENCE);
  head += text_of(content);
  append_der_header(head, false, ciphertext, 0, V_ASN1_CONTEXT_SPECIFIC);
  return head;
}

}  // namespace

void envelop(const SignedPackage& signed_package, const Recipient& recipient, const Sink& sink) {
  const openssl::Handle<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  require(cipher != nullptr, "find AES-256-GCM");
  const openssl::Handle<CMS_ContentInfo> message(CMS_AuthEnvelopedData_create_ex(cipher.get(), nullptr, nullptr));
  // The content's type says that a SignedData follows.
  require(message != nullptr && CMS_set1_eContentType(message.get(), OBJ_nid2obj(NID_pkcs7_signed)) == 1,
          "begin an AuthEnvelopedData");
  recipient.add_to(message.get());

  const openssl::Handle<BIO> nowhere(BIO_new(BIO_s_null()));
  const FilterChain chain(CMS_dataInit(message.get(), nowhere.get()), nowhere.get());
  EVP_CIPHER_CTX* gcm = nullptr;  // the filter's own: what is encrypted with it counts for the tag
  require(chain.get() != nullptr && BIO_get_cipher_ctx(chain.get(), &gcm) == 1, "encrypt the content key");
  // From here on recipients and nonce are fixed, and AES-GCM keeps the length: what stands in front is known.
  const std::size_t length = signed_package.head.size() + signed_package.package.size() + signed_package.tail.size();
  const Der head = envelope_head(encoded(message.get()), length);
  sink(bytes_of(head));
  std::vector<unsigned char> ciphertext;
  for (const auto part : {bytes_of(signed_package.head), signed_package.package, bytes_of(signed_package.tail)}) {
    for_each_piece(part, [&](std::span<const std::byte> piece) {
      ciphertext.resize(piece.size());
      const auto* const plain = static_cast<const unsigned char*>(static_cast<const void*>(piece.data()));
      int written = 0;
      require(EVP_EncryptUpdate(gcm, ciphertext.data(), &written, plain, static_cast<int>(piece.size())) == 1 &&
                  static_cast<std::size_t>(written) == piece.size(),
              "encrypt the key package");
      sink(std::as_bytes(std::span(ciphertext)));
    });
  }
  require(BIO_flush(chain.get()) == 1 && CMS_dataFinal(message.get(), chain.get()) == 1, "finish an envelope");

  // The finished message must still begin as written; its last element is the tag.
  const Der finished = encoded(message.get());
  Der tail;
  append_der_header(tail, false, tag_bytes, V_ASN1_OCTET_STRING);
  tail += std::string_view(finished).substr(finished.size() - tag_bytes);
  if (envelope_head(finished, length) != head || !finished.ends_with(tail)) {
    throw Error(Category::io, "OpenSSL changed an envelope while it was written");
  }
  sink(bytes_of(tail));
}

SecretBytes verify_package(std::span<const std::byte> signed_data, const X509Certificate& trusted) {
  const auto* in = static_cast<const unsigned char*>(static_cast<const void*>(signed_data.data()));
  const auto* const end = in + signed_data.size();
  const openssl::Handle<CMS_ContentInfo> message(
      d2i_CMS_ContentInfo(nullptr, &in, static_cast<long>(signed_data.size())));
  if (message == nullptr || in != end) {
    throw Error(Category::verdict, fmt::format("the envelope holds no CMS message: {}", openssl::reason()));
  }
  if (OBJ_obj2nid(CMS_get0_type(message.get())) != NID_pkcs7_signed ||
      OBJ_cmp(CMS_get0_eContentType(message.get()), key_package_type()) != 0) {
    throw Error(Category::verdict, "the envelope holds no signed key package");
  }
  // The trusted certificate itself is the anchor: its signature counts, a chain to it does not.
  STACK_OF(X509)* const certificates = sk_X509_new_null();
  sk_X509_push(certificates, trusted.get());
  const openssl::Handle<BIO> content(BIO_new(BIO_s_secmem()));
  const int verified = CMS_verify(message.get(), certificates, nullptr, nullptr, content.get(),
                                  CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY | CMS_NOINTERN);
  sk_X509_free(certificates);
  if (verified != 1 || sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(message.get())) != 1) {
    throw Error(Category::verdict,
                fmt::format("the key package is not signed by {}: {}", trusted.subject(), openssl::reason()));
  }
  char* data = nullptr;
  const long length = BIO_get_mem_data(content.get(), &data);
  SecretBytes package(static_cast<std::size_t>(length));
  std::memcpy(package.data(), data, package.size());
  return package;
}

}  // namespace lightseed
