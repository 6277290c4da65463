// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evidence/recipient_record.h"

namespace lightseed {

/// What can be seen of a key file without any key.
///
/// A certificate that a liar signed may name files that hold nothing, or that everybody can read. The shell of an
/// AuthEnvelopedData (RFC 5083) shows how it is encrypted and for whom, so a verifier compares it with what was
/// certified. Of the many shapes RFC 5083 allows, exactly those that Lightseed writes are read; everything else is
/// refused.
struct EnvelopeShell {
  /// The type of what is encrypted.
  enum class Content {
    data,         ///< id-data, as RFC 5083 2.1 wants it without authenticated attributes: edition 2 on
    signed_data,  ///< id-signedData, which broke that rule: batches of edition 1
  };
  using Recipient = RecipientRecord::Kind;
  using Identifier = RecipientRecord::Identifier;

  Content content = Content::data;
  std::size_t ciphertext_bytes = 0;                 ///< that of the content too: AES-GCM keeps the length
  Recipient recipient = Recipient::ec_certificate;  ///< the one recipient's kind; it fixes the algorithms
  Identifier identified_by = Identifier::none;      ///< of a certificate
  std::string identifier;                  ///< its bytes, hexadecimal; of a key-encryption key: its id as it is
  std::size_t encrypted_key_bytes = 0;     ///< RSA: bytes of the modulus; otherwise 40, a wrapped AES-256 key
  std::size_t originator_point_bytes = 0;  ///< EC: of the ephemeral key, 1 + two coordinates (or 1 + one, compressed)
};

/// Reads the shell of a key file strictly: DER to the last byte; AuthEnvelopedData of version 0 with one recipient
/// (ECDH with SHA-256 and AES-256 wrap, RSA-OAEP with SHA-256 and MGF1 of it, or AES-256 wrap), AES-256-GCM with a
/// nonce of 12 bytes and a tag of 16, no attributes. Reads a few hundred bytes, however long the file is.
/// Throws Error(verdict) that says what is wrong and how far before the end.
EnvelopeShell read_envelope_shell(std::span<const std::byte> der);

/// What does not fit between a recipient as certified and the shell of a file for it, and what the recipient itself is
/// not allowed to be (crypto/public_key.h): one sentence a fault, none when all is well. For a record of edition 1,
/// which does not say key and identifier, only what it says is compared.
std::vector<std::string> faults_of_recipient(const RecipientRecord& record, const EnvelopeShell& shell);

}  // namespace lightseed
