// SPDX-License-Identifier: Apache-2.0
#include "crypto/cms_parts.h"

#include "core/byte_views.h"

namespace lightseed {
namespace {

/// ContentInfo { id-ct-authEnvelopedData, [0] { fields, and `further` bytes that follow } }
Der wrapped(std::size_t size, const Der& fields) {
  const Der type = der_object_identifier(cms::oid_auth_enveloped_data);
  const std::size_t whole = der_header_size(size) + size;
  Der out;
  append_der_header(out, true, type.size() + der_header_size(whole) + whole, V_ASN1_SEQUENCE);
  out += type;
  append_der_header(out, true, whole, 0, V_ASN1_CONTEXT_SPECIFIC);
  append_der_header(out, true, size, V_ASN1_SEQUENCE);
  return out += fields;
}

}  // namespace

void cms::take_algorithm(DerReader algorithm, const char* oid, std::string_view name) {
  algorithm.take_object_identifier(oid, name);
  if (algorithm.next_is(V_ASN1_NULL, false)) (void)algorithm.take(V_ASN1_NULL, false);
  algorithm.finish();
}

EnvelopeParts envelope_parts(std::span<const std::byte> der, std::string_view what) {
  DerReader outer(der, what);
  DerReader info = outer.into_sequence();
  outer.finish();
  info.take_object_identifier(cms::oid_auth_enveloped_data,
                              "AuthEnvelopedData, without which the content would not be authenticated");
  DerReader tagged = info.into(0, V_ASN1_CONTEXT_SPECIFIC);
  info.finish();
  DerReader fields = tagged.into_sequence();
  tagged.finish();

  EnvelopeParts parts;
  const auto all = fields.rest();
  if (fields.take_count() != 0) fields.fail("an AuthEnvelopedData of another version than 0");
  parts.recipients = fields.take(V_ASN1_SET, true);
  parts.version_and_recipients = all.first(all.size() - fields.rest().size());
  DerReader content = fields.into_sequence();
  const auto content_all = content.rest();
  (void)content.take_any();
  (void)content.take_any();
  parts.content_type_and_algorithm = content_all.first(content_all.size() - content.rest().size());
  // Absent where OpenSSL writes a message whose content goes elsewhere.
  if (!content.done()) parts.ciphertext = content.take(0, false, V_ASN1_CONTEXT_SPECIFIC);
  content.finish();
  parts.tag = fields.take(V_ASN1_OCTET_STRING, false);
  if (!fields.done()) fields.fail("attributes, which Lightseed never writes");
  return parts;
}

Der envelope_head(const EnvelopeParts& parts, std::size_t ciphertext) {
  const std::size_t encrypted = parts.content_type_and_algorithm.size() + der_header_size(ciphertext) + ciphertext;
  Der fields(text_of(parts.version_and_recipients));
  append_der_header(fields, true, encrypted, V_ASN1_SEQUENCE);
  fields += text_of(parts.content_type_and_algorithm);
  append_der_header(fields, false, ciphertext, 0, V_ASN1_CONTEXT_SPECIFIC);
  return wrapped(fields.size() + ciphertext + der_header_size(cms::tag_bytes) + cms::tag_bytes, fields);
}

Der envelope_without_content(const EnvelopeParts& parts) {
  Der fields(text_of(parts.version_and_recipients));
  fields += der_element(true, V_ASN1_SEQUENCE, text_of(parts.content_type_and_algorithm));
  fields += der_element(false, V_ASN1_OCTET_STRING, text_of(parts.tag));
  return wrapped(fields.size(), fields);
}

}  // namespace lightseed
