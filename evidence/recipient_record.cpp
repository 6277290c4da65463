// SPDX-License-Identifier: Apache-2.0
#include "evidence/recipient_record.h"

#include <utility>

#include "evidence/hex_member.h"

namespace lightseed {
namespace {

using Kind = RecipientRecord::Kind;
using Identifier = RecipientRecord::Identifier;

constexpr Kind kinds[] = {Kind::ec_certificate, Kind::rsa_certificate, Kind::key_encryption_key};
constexpr Identifier identifiers[] = {Identifier::subject_key_identifier, Identifier::issuer_and_serial_number};

}  // namespace

const char* name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::ec_certificate: return "ec-certificate";
    case Kind::rsa_certificate: return "rsa-certificate";
    case Kind::key_encryption_key: return "key-encryption-key";
  }
  return "unknown";
}

const char* name_of(Identifier identifier) noexcept {
  switch (identifier) {
    case Identifier::none: return "none";
    case Identifier::subject_key_identifier: return "subject-key-identifier";
    case Identifier::issuer_and_serial_number: return "issuer-and-serial-number";
  }
  return "unknown";
}

const char* algorithm_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::ec_certificate: return "ECDH with SHA-256 and AES-256 key wrap";
    case Kind::rsa_certificate: return "RSA-OAEP with SHA-256";
    case Kind::key_encryption_key: return "AES-256 key wrap";
  }
  return "unknown";
}

RecipientRecord in_edition_1(RecipientRecord record) {
  record.public_key.clear();
  record.identified_by = Identifier::none;
  record.identifier.clear();
  return record;
}

Json to_json(const RecipientRecord& record) {
  Json json{{"kind", name_of(record.kind)}, {"algorithm", algorithm_of(record.kind)}};
  if (record.kind == Kind::key_encryption_key) {
    json["id"] = record.id;
    return json;
  }
  json["subject"] = record.subject;
  json["certificate_sha256"] = record.certificate_sha256;
  if (!record.public_key.empty()) json["public_key"] = record.public_key;
  if (record.identified_by != Identifier::none) {
    json["identified_by"] = name_of(record.identified_by);
    json["identifier"] = record.identifier;
  }
  return json;
}

RecipientRecord recipient_record_from(ObjectReader reader) {
  RecipientRecord record;
  record.kind = take_enum(reader, "kind", kinds);
  reader.literal("algorithm", algorithm_of(record.kind));
  if (record.kind == Kind::key_encryption_key) {
    record.id = reader.text("id");
    if (record.id.empty()) reader.fail("id", "it is empty");
  } else {
    record.subject = reader.text("subject");
    record.certificate_sha256 = take_sha256(reader, "certificate_sha256");
    if (reader.has("public_key")) record.public_key = reader.text("public_key");
    if (reader.has("identified_by")) {
      record.identified_by = take_enum(reader, "identified_by", identifiers);
      record.identifier = take_hex(reader, "identifier", 0);
    }
  }
  reader.finish();
  return record;
}

}  // namespace lightseed
