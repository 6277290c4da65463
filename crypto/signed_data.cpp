// SPDX-License-Identifier: Apache-2.0
#include "crypto/signed_data.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/cms_parts.h"
#include "crypto/digest.h"
#include "crypto/handles.h"

namespace lightseed {
namespace {

constexpr const char* oid_sha_384 = "2.16.840.1.101.3.4.2.2";
constexpr const char* oid_ecdsa_sha_384 = "1.2.840.10045.4.3.3";
constexpr const char* oid_content_type = "1.2.840.113549.1.9.3";
constexpr const char* oid_message_digest = "1.2.840.113549.1.9.4";
constexpr const char* oid_signing_time = "1.2.840.113549.1.9.5";
constexpr const char* oid_signing_certificate_v2 = "1.2.840.113549.1.9.16.2.47";  // RFC 5035 section 3
constexpr int context_specific = V_ASN1_CONTEXT_SPECIFIC;

using Sha384Digest = std::array<std::byte, 48>;

Sha384Digest sha384(std::span<const std::byte> bytes) {
  Sha384Digest digest;
  openssl::require(EVP_Digest(bytes.data(), bytes.size(), octets(digest.data()), nullptr, EVP_sha384(), nullptr) == 1,
                   "compute SHA-384");
  return digest;
}

Der sequence(std::string_view content) {
  return der_element(true, V_ASN1_SEQUENCE, content);
}

Der octet_string(std::span<const std::byte> bytes) {
  return der_element(false, V_ASN1_OCTET_STRING, text_of(bytes));
}

Der attribute(const char* oid, const Der& value) {
  return sequence(der_object_identifier(oid) + der_element(true, V_ASN1_SET, value));
}

/// UTCTime until 2049, GeneralizedTime from then on (RFC 5652 11.3).
Der time_of(std::time_t now) {
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  const bool short_year = utc.tm_year >= 50 && utc.tm_year < 150;
  const std::size_t size =
      std::strftime(text.data(), text.size(), short_year ? "%y%m%d%H%M%SZ" : "%Y%m%d%H%M%SZ", &utc);
  return der_element(false, short_year ? V_ASN1_UTCTIME : V_ASN1_GENERALIZEDTIME, {text.data(), size});
}

std::vector<Der> signed_attributes(const Sha384Digest& digest, const X509Certificate& certificate, std::time_t now) {
  // ESSCertIDv2 with its default hash, SHA-256.
  const Der certificate_id = sequence(octet_string(sha256(bytes_of(certificate.der()))));
  return {attribute(oid_content_type, der_object_identifier(cms::oid_key_package)),
          attribute(oid_signing_time, time_of(now)), attribute(oid_message_digest, octet_string(digest)),
          attribute(oid_signing_certificate_v2, sequence(sequence(certificate_id)))};
}

/// Version 3 names the signer by its key identifier, version 1 by issuer and serial number.
Der signer_identifier(const X509Certificate& certificate) {
  if (const auto id = certificate.key_identifier()) {
    return der_integer(3) + der_element(false, 0, *id, context_specific);
  }
  return der_integer(1) + certificate.issuer_and_serial();
}

Der signer_info(const std::vector<Der>& attributes, const Signer& signer) {
  // What is signed has the tag of a SET; in place it has [0] (RFC 5652 5.4).
  const auto signature = signer.sign(bytes_of(der_set_of(attributes)));
  return sequence(signer_identifier(signer.certificate()) + sequence(der_object_identifier(oid_sha_384)) +
                  der_set_of(attributes, 0, context_specific) + sequence(der_object_identifier(oid_ecdsa_sha_384)) +
                  octet_string(signature));
}

/// One signer's fields, read back.
struct SignerFields {
  std::span<const std::byte> attributes;  ///< content of the set
  std::span<const std::byte> signature;
};

SignerFields read_signer(DerReader set) {
  DerReader info = set.into_sequence();
  if (!set.done()) set.fail("more than one signature");
  SignerFields fields;
  const auto version = info.take_count();
  if (version == 3) {
    (void)info.take(0, false, context_specific);
  } else if (version == 1) {
    (void)info.take(V_ASN1_SEQUENCE, true);
  } else {
    info.fail("a signature of another version than 1 and 3");
  }
  cms::take_algorithm(info.into_sequence(), oid_sha_384, "SHA-384");
  fields.attributes = info.take(0, true, context_specific);
  cms::take_algorithm(info.into_sequence(), oid_ecdsa_sha_384, "ECDSA with SHA-384");
  fields.signature = info.take(V_ASN1_OCTET_STRING, false);
  info.finish();
  return fields;
}

/// The value of an attribute that must be there once.
std::span<const std::byte> attribute_value(DerReader attributes, const char* oid, std::string_view name) {
  const Der wanted = der_object_identifier(oid);
  std::span<const std::byte> value;
  for (bool found = false; !attributes.done();) {
    DerReader one = attributes.into_sequence();
    if (text_of(one.take_any()) != wanted) continue;
    if (found) attributes.fail(fmt::format("its {} stands twice", name));
    found = true;
    value = one.take(V_ASN1_SET, true);
    one.finish();
  }
  if (value.empty()) attributes.fail(fmt::format("no {}", name));
  return value;
}

}  // namespace

SignedPackage sign_package(std::span<const std::byte> package, const Signer& signer, std::time_t now) {
  // ContentInfo { type, [0] SignedData { version, digests, EncapsulatedContentInfo { type, [0] package }, certificates,
  // signers } }
  const Der type = der_object_identifier(cms::oid_signed_data);
  const Der content_type = der_object_identifier(cms::oid_key_package);
  const Der sha_384 = sequence(der_object_identifier(oid_sha_384));
  const Der version_and_digests = der_integer(3) + der_set_of(std::span(&sha_384, 1));
  const Der signers = signer_info(signed_attributes(sha384(package), signer.certificate(), now), signer);

  SignedPackage result;
  result.package = package;
  result.tail =
      der_element(true, 0, signer.certificate().der(), context_specific) + der_element(true, V_ASN1_SET, signers);
  const std::size_t octets = der_header_size(package.size()) + package.size();
  const std::size_t encapsulated = content_type.size() + der_header_size(octets) + octets;
  const std::size_t signed_data =
      version_and_digests.size() + der_header_size(encapsulated) + encapsulated + result.tail.size();
  const std::size_t whole = der_header_size(signed_data) + signed_data;
  append_der_header(result.head, true, type.size() + der_header_size(whole) + whole, V_ASN1_SEQUENCE);
  result.head += type;
  append_der_header(result.head, true, whole, 0, context_specific);
  append_der_header(result.head, true, signed_data, V_ASN1_SEQUENCE);
  result.head += version_and_digests;
  append_der_header(result.head, true, encapsulated, V_ASN1_SEQUENCE);
  result.head += content_type;
  append_der_header(result.head, true, octets, 0, context_specific);
  append_der_header(result.head, false, package.size(), V_ASN1_OCTET_STRING);
  return result;
}

SignedPackage sign_package(std::span<const std::byte> package, const Signer& signer) {
  return sign_package(package, signer, std::time(nullptr));
}

std::span<const std::byte> verify_package(std::span<const std::byte> signed_data, const X509Certificate& trusted) {
  constexpr std::string_view what = "what the envelope holds";
  DerReader outer(signed_data, what);
  DerReader info = outer.into_sequence();
  outer.finish();
  info.take_object_identifier(cms::oid_signed_data, "SignedData: it is not signed");
  DerReader tagged = info.into(0, context_specific);
  info.finish();
  DerReader fields = tagged.into_sequence();
  tagged.finish();
  if (fields.take_count() != 3) fields.fail("a SignedData of another version than 3");
  DerReader digests = fields.into(V_ASN1_SET);
  cms::take_algorithm(digests.into_sequence(), oid_sha_384, "SHA-384");
  digests.finish();
  DerReader encapsulated = fields.into_sequence();
  encapsulated.take_object_identifier(cms::oid_key_package, "a key package");
  DerReader explicit_0 = encapsulated.into(0, context_specific);
  encapsulated.finish();
  const auto package = explicit_0.take(V_ASN1_OCTET_STRING, false);
  explicit_0.finish();
  // The trusted certificate is the anchor: what certificates are in the file does not matter.
  if (fields.next_is(0, true, context_specific)) (void)fields.take(0, true, context_specific);
  const SignerFields signer = read_signer(fields.into(V_ASN1_SET));
  fields.finish();

  const DerReader attributes(signer.attributes, what);
  const Der type = der_object_identifier(cms::oid_key_package);
  if (text_of(attribute_value(attributes, oid_content_type, "content type")) != type) {
    attributes.fail("the content type that was signed is another");
  }
  if (text_of(attribute_value(attributes, oid_message_digest, "message digest")) != octet_string(sha384(package))) {
    throw Error(Category::verdict, "the key package was changed after it was signed");
  }
  const Der signed_bytes = der_element(true, V_ASN1_SET, text_of(signer.attributes));
  if (!signature_is_valid(trusted, bytes_of(signed_bytes), signer.signature, Malleability::allow)) {
    throw Error(Category::verdict, fmt::format("the key package is not signed by {}", trusted.subject()));
  }
  return package;
}

}  // namespace lightseed
