// SPDX-License-Identifier: Apache-2.0
#include "crypto/cms_shell.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "crypto/cms_parts.h"
#include "crypto/public_key.h"

namespace lightseed {
namespace {

using Kind = RecipientRecord::Kind;
using Identifier = RecipientRecord::Identifier;

constexpr const char* oid_aes_256_gcm = "2.16.840.1.101.3.4.1.46";
constexpr const char* oid_aes_256_wrap = "2.16.840.1.101.3.4.1.45";
constexpr const char* oid_sha_256 = "2.16.840.1.101.3.4.2.1";
constexpr const char* oid_ecdh_sha_256 = "1.3.132.1.11.1";  // dhSinglePass-stdDH-sha256kdf-scheme, RFC 5753 7.1.4
constexpr const char* oid_ec_public_key = "1.2.840.10045.2.1";
constexpr const char* oid_rsa_oaep = "1.2.840.113549.1.1.7";  // RFC 4055 section 4.1
constexpr const char* oid_mgf1 = "1.2.840.113549.1.1.8";
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t wrapped_key_bytes = 40;  // an AES-256 key and RFC 3394's 8 bytes
constexpr int context_class = V_ASN1_CONTEXT_SPECIFIC;

/// EC: originator's ephemeral key, scheme, one encrypted key (RFC 5753 3.1.1).
void read_key_agreement(DerReader info, EnvelopeShell& shell) {
  shell.recipient = Kind::ec_certificate;
  if (info.take_count() != 3) info.fail("a key agreement of another version than 3");
  DerReader originator = info.into(0, context_class);
  DerReader key = originator.into(1, context_class);
  originator.finish();
  DerReader algorithm = key.into_sequence();
  algorithm.take_object_identifier(oid_ec_public_key, "an elliptic curve key");
  // No parameters: the curve is the recipient's. Named ones are as good, and NULL is an old habit.
  if (!algorithm.done() && !algorithm.next_is(V_ASN1_OBJECT, false)) (void)algorithm.take(V_ASN1_NULL, false);
  if (!algorithm.done()) (void)algorithm.take(V_ASN1_OBJECT, false);
  algorithm.finish();
  const auto point = key.take(V_ASN1_BIT_STRING, false);
  key.finish();
  if (point.size() < 2 || point[0] != std::byte{0}) info.fail("an originator without a key");
  shell.originator_point_bytes = point.size() - 1;
  DerReader scheme = info.into_sequence();
  scheme.take_object_identifier(oid_ecdh_sha_256, "ECDH with SHA-256");
  cms::take_algorithm(scheme.into_sequence(), oid_aes_256_wrap, "AES-256 key wrap");
  scheme.finish();
  DerReader keys = info.into_sequence();
  info.finish();
  DerReader one = keys.into_sequence();
  keys.finish();
  if (one.next_is(0, true, context_class)) {
    shell.identified_by = Identifier::subject_key_identifier;
    DerReader identifier = one.into(0, context_class);
    shell.identifier = hex(identifier.take(V_ASN1_OCTET_STRING, false));
    identifier.finish();
  } else {
    shell.identified_by = Identifier::issuer_and_serial_number;
    if (!one.next_is(V_ASN1_SEQUENCE, true)) one.fail("a recipient without a name");
    shell.identifier = hex(one.take_any());
  }
  shell.encrypted_key_bytes = one.take(V_ASN1_OCTET_STRING, false).size();
  one.finish();
}

/// RSA-OAEP (RFC 4055 section 4.1), hash and mask generation both on SHA-256.
void read_key_transport(DerReader info, EnvelopeShell& shell) {
  shell.recipient = Kind::rsa_certificate;
  const auto version = info.take_count();
  if (version == 2) {
    shell.identified_by = Identifier::subject_key_identifier;
    shell.identifier = hex(info.take(0, false, context_class));
  } else if (version == 0) {
    shell.identified_by = Identifier::issuer_and_serial_number;
    if (!info.next_is(V_ASN1_SEQUENCE, true)) info.fail("a recipient without a name");
    shell.identifier = hex(info.take_any());
  } else {
    info.fail("a key transport of another version than 0 and 2");
  }
  DerReader algorithm = info.into_sequence();
  algorithm.take_object_identifier(oid_rsa_oaep, "RSA-OAEP");
  DerReader parameters = algorithm.into_sequence();
  algorithm.finish();
  DerReader hash = parameters.into(0, context_class);
  cms::take_algorithm(hash.into_sequence(), oid_sha_256, "SHA-256");
  hash.finish();
  DerReader mask = parameters.into(1, context_class);
  parameters.finish();
  DerReader mgf = mask.into_sequence();
  mask.finish();
  mgf.take_object_identifier(oid_mgf1, "MGF1");
  cms::take_algorithm(mgf.into_sequence(), oid_sha_256, "SHA-256");
  mgf.finish();
  shell.encrypted_key_bytes = info.take(V_ASN1_OCTET_STRING, false).size();
  info.finish();
}

/// A key both sides have (RFC 5652 6.2.3).
void read_key_encryption_key(DerReader info, EnvelopeShell& shell) {
  shell.recipient = Kind::key_encryption_key;
  if (info.take_count() != 4) info.fail("a key-encryption key of another version than 4");
  DerReader id = info.into_sequence();
  shell.identifier = text_of(id.take(V_ASN1_OCTET_STRING, false));
  id.finish();
  cms::take_algorithm(info.into_sequence(), oid_aes_256_wrap, "AES-256 key wrap");
  shell.encrypted_key_bytes = info.take(V_ASN1_OCTET_STRING, false).size();
  info.finish();
}

/// "P-384" → 384; "RSA-3072" → 3072. What is_allowed_key() passed.
std::size_t bits_of(std::string_view key) {
  if (const auto size = key.find("pool"); size != std::string_view::npos) key.remove_prefix(size + 5);
  const auto digits = key.find_first_of("0123456789");
  std::size_t bits = 0;
  if (digits != std::string_view::npos) std::from_chars(key.data() + digits, key.data() + key.size(), bits);
  return bits;
}

}  // namespace

EnvelopeShell read_envelope_shell(std::span<const std::byte> der) {
  constexpr std::string_view what = "the key file";
  const EnvelopeParts parts = envelope_parts(der, what);
  EnvelopeShell shell;
  DerReader recipients(parts.recipients, what);
  if (recipients.next_is(1, true, context_class)) {
    read_key_agreement(recipients.into(1, context_class), shell);
  } else if (recipients.next_is(2, true, context_class)) {
    read_key_encryption_key(recipients.into(2, context_class), shell);
  } else if (recipients.next_is(V_ASN1_SEQUENCE, true)) {
    read_key_transport(recipients.into_sequence(), shell);
  } else {
    recipients.fail("a recipient of no kind that Lightseed writes");
  }
  if (!recipients.done()) recipients.fail("more than one recipient");
  if (shell.recipient != Kind::rsa_certificate && shell.encrypted_key_bytes != wrapped_key_bytes) {
    recipients.fail("a wrapped content key of another length than AES-256's");
  }

  DerReader content(parts.content_type_and_algorithm, what);
  const bool data = text_of(content.rest()).starts_with(der_object_identifier(cms::oid_data));
  content.take_object_identifier(data ? cms::oid_data : cms::oid_signed_data, "id-data or id-signedData");
  shell.content = data ? EnvelopeShell::Content::data : EnvelopeShell::Content::signed_data;
  DerReader cipher = content.into_sequence();
  content.finish();
  cipher.take_object_identifier(oid_aes_256_gcm, "AES-256-GCM");
  DerReader parameters = cipher.into_sequence();
  cipher.finish();
  if (parameters.take(V_ASN1_OCTET_STRING, false).size() != nonce_bytes) parameters.fail("a nonce of not 12 bytes");
  if (parameters.take_count() != cms::tag_bytes) parameters.fail("a tag of not 16 bytes");
  parameters.finish();
  if (parts.tag.size() != cms::tag_bytes) content.fail("a tag of not 16 bytes");
  if (parts.ciphertext.empty()) content.fail("no content");
  shell.ciphertext_bytes = parts.ciphertext.size();
  return shell;
}

std::vector<std::string> faults_of_recipient(const RecipientRecord& record, const EnvelopeShell& shell) {
  std::vector<std::string> faults;
  const auto unless = [&](bool good, std::string words) {
    if (!good) faults.push_back(std::move(words));
  };
  unless(shell.recipient == record.kind, fmt::format("it is encrypted for a recipient of kind {}, certified is {}",
                                                     name_of(shell.recipient), name_of(record.kind)));
  if (!faults.empty()) return faults;
  if (record.kind == Kind::key_encryption_key) {
    unless(shell.identifier == record.id,
           fmt::format("it is encrypted for another key-encryption key than {:.80}", record.id));
    return faults;
  }
  if (record.identified_by != Identifier::none) {
    unless(shell.identified_by == record.identified_by && shell.identifier == record.identifier,
           fmt::format("it is encrypted for another certificate than that of {:.80}", record.subject));
  }
  if (record.public_key.empty()) return faults;
  const bool rsa = record.public_key.starts_with("RSA-");
  unless(is_allowed_key(record.public_key) && rsa == (record.kind == Kind::rsa_certificate),
         fmt::format("a key {:.40} of {:.80} may not receive keys", record.public_key, record.subject));
  if (!faults.empty()) return faults;
  const std::size_t bytes = (bits_of(record.public_key) + 7) / 8;
  unless(rsa ? shell.encrypted_key_bytes == bytes : shell.originator_point_bytes == 1 + 2 * bytes,
         fmt::format("its recipient's key has another size than {}", record.public_key));
  return faults;
}

}  // namespace lightseed
