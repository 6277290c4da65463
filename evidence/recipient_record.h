// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/json.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// Whom key files are encrypted for, and how.
struct RecipientRecord {
  enum class Kind {
    ec_certificate,      ///< ECDH with SHA-256 and AES-256 key wrap
    rsa_certificate,     ///< RSA-OAEP with SHA-256
    key_encryption_key,  ///< AES-256 key wrap under a key both sides have
  };
  /// How a key file names a certificate (RFC 5652 6.2.1).
  enum class Identifier { none, subject_key_identifier, issuer_and_serial_number };

  Kind kind = Kind::ec_certificate;
  std::string subject;                          ///< of the certificate, as RFC 2253 writes it
  std::string certificate_sha256;               ///< of its DER, hexadecimal
  std::string public_key;                       ///< "P-384", "RSA-3072"; empty in edition 1, which did not say it
  Identifier identified_by = Identifier::none;  ///< none in edition 1
  std::string identifier;                       ///< its bytes, hexadecimal
  std::string id;                               ///< of a key-encryption key; then all of the above is empty

  bool operator==(const RecipientRecord&) const = default;
};

/// "ec-certificate", …
const char* name_of(RecipientRecord::Kind kind) noexcept;
/// "subject-key-identifier", …
const char* name_of(RecipientRecord::Identifier identifier) noexcept;
/// The words for what encrypts the content key: one for each kind.
const char* algorithm_of(RecipientRecord::Kind kind) noexcept;

/// What edition 1 of the certificate said of a recipient: without key and identifier.
RecipientRecord in_edition_1(RecipientRecord record);

/// Kind, algorithm and name; key and identifier where they are known.
Json to_json(const RecipientRecord& record);

/// The inverse. Throws Error(malformed) with the path of the member.
RecipientRecord recipient_record_from(ObjectReader reader);

}  // namespace lightseed
